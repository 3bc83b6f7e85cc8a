package dev.fleetway.cli.run;

import dev.fleetway.api.v1alpha1.Condition;
import dev.fleetway.api.v1alpha1.TenantMigrationRun;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.Cohort;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.CohortState;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.Failure;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.Totals;
import dev.fleetway.cli.output.Markup;
import dev.fleetway.cli.output.Times;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A run as a tree on a terminal of this size, in picocli's markup: the whole run, its cohorts with
 * bars, what holds it up, the last failures. Pure.
 *
 * @param width columns of the terminal
 * @param height its rows
 * @param unicode it shows block and line characters
 */
record RunTree(int width, int height, boolean unicode) {
  private static final int WIDEST_BAR = 78;
  private static final int NARROWEST_BAR = 30;
  private static final int MOST_FAILURES = 8;
  private static final int OTHER_LINES = 8;
  private static final int BRANCH = 3;
  private static final int MARKS = 24;

  /** The lines, at most as many as the terminal has. */
  List<String> lines(TenantMigrationRun run, Optional<String> rate, Instant now) {
    TenantMigrationRunStatus status =
        Objects.requireNonNullElseGet(run.getStatus(), TenantMigrationRunStatus::empty);
    List<String> lines = new ArrayList<>();
    lines.add(new RunText(run).headline() + rate.map(text -> ", " + text).orElse(""));
    Totals totals = status.totals();
    if (totals != null && totals.tenants() > 0) {
      lines.add(all(totals, status, now));
    }
    List<String> failures = failures(status);
    cohorts(status, now, Math.max(2, height - OTHER_LINES - failures.size()), lines);
    condition(status, lines);
    lines.addAll(failures);
    lines.add(Markup.styled("faint", "Ctrl-C stops watching, not the run."));
    return lines.stream().limit(Math.max(1, height - 1)).toList();
  }

  private String all(Totals totals, TenantMigrationRunStatus status, Instant now) {
    int ended = totals.succeeded() + totals.alreadyCurrent() + totals.failed() + totals.skipped();
    Duration took = took(status.startTime(), status.completionTime(), now);
    return bar("all tenants", ended, totals.tenants(), took, 0)
        + marks(totals.failed(), totals.skipped());
  }

  private void cohorts(TenantMigrationRunStatus status, Instant now, int most, List<String> lines) {
    List<Cohort> known = status.cohorts();
    List<Cohort> shown = known.subList(Math.max(0, known.size() - most), known.size());
    int highest = known.stream().mapToInt(Cohort::number).max().orElse(0);
    int ahead = Objects.requireNonNullElse(status.cohortCount(), highest) - highest;
    if (known.size() > shown.size()) {
      lines.add(branch(false) + (known.size() - shown.size()) + " earlier cohorts");
    }
    for (int i = 0; i < shown.size(); i++) {
      boolean last = i == shown.size() - 1 && ahead <= 0;
      lines.add(branch(last) + cohort(shown.get(i), now));
    }
    if (ahead > 0) {
      String next =
          Times.parse(status.nextCohortTime())
              .map(time -> ", the next in " + Times.duration(Duration.between(now, time)))
              .orElse("");
      lines.add(branch(true) + ahead + (ahead == 1 ? " cohort" : " cohorts") + " to come" + next);
    }
  }

  private String cohort(Cohort cohort, Instant now) {
    String text =
        bar(
            "cohort " + cohort.number(),
            cohort.ended(),
            cohort.size(),
            took(cohort.startTime(), cohort.completionTime(), now),
            BRANCH);
    String state =
        switch (cohort.state()) {
          case Running -> "";
          case Closed -> " " + Markup.styled("green", "closed");
          case Aborted -> " " + Markup.styled("red", "aborted");
        };
    return text + state + marks(cohort.failed(), cohort.skipped());
  }

  private static String marks(int failed, int skipped) {
    return (failed > 0 ? " " + Markup.styled("red", failed + " failed") : "")
        + (skipped > 0 ? " " + skipped + " skipped" : "");
  }

  private void condition(TenantMigrationRunStatus status, List<String> lines) {
    Condition ready = status.condition("Ready");
    boolean cohortAtWork =
        status.cohorts().stream().anyMatch(cohort -> cohort.state() == CohortState.Running);
    if (ready != null && !(cohortAtWork && ready.reason().equals("CohortRunning"))) {
      lines.add(cut(ready.reason() + ": " + ready.message()));
    }
  }

  private List<String> failures(TenantMigrationRunStatus status) {
    List<Failure> all = status.failures();
    return all.subList(Math.max(0, all.size() - MOST_FAILURES), all.size()).stream()
        .map(
            failure ->
                Markup.styled(
                    "red",
                    plainCut(
                        "%s %s failed: %s%s%s"
                            .formatted(
                                unicode ? "✗" : "x",
                                failure.tenant(),
                                failure.reason(),
                                failure.failedVersion() == null
                                    ? ""
                                    : " in " + failure.failedVersion(),
                                failure.message() == null ? "" : ", " + failure.message()))))
        .toList();
  }

  /** All bars end in one column, however far they are indented. */
  private String bar(String name, int done, int of, Duration took, int indent) {
    int bar = Math.max(NARROWEST_BAR, Math.min(WIDEST_BAR, width - MARKS)) - indent;
    return Markup.plain(Bar.text(name, done, of, took, bar, unicode));
  }

  private static Duration took(String start, String end, Instant now) {
    return Times.parse(start)
        .map(from -> Duration.between(from, Times.parse(end).orElse(now)))
        .filter(time -> !time.isNegative())
        .orElse(Duration.ZERO);
  }

  private String branch(boolean last) {
    if (!unicode) {
      return last ? "`- " : "|- ";
    }
    return last ? "└─ " : "├─ ";
  }

  private String cut(String text) {
    return Markup.plain(plainCut(text));
  }

  private String plainCut(String text) {
    String line = text.replaceAll("\\s+", " ");
    int most = Math.max(NARROWEST_BAR, width - 1);
    return line.length() <= most ? line : line.substring(0, most - 1) + (unicode ? "…" : "~");
  }
}
