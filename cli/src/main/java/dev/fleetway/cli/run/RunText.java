package dev.fleetway.cli.run;

import dev.fleetway.api.v1alpha1.Condition;
import dev.fleetway.api.v1alpha1.TenantMigrationRun;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.Cohort;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.FailureGroup;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.Phase;
import dev.fleetway.cli.output.Markup;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** One run in plain lines, with picocli's markup for colours. Pure. */
final class RunText {
  private final TenantMigrationRunStatus status;
  private final RunRow row;

  RunText(TenantMigrationRun run) {
    this.status = Objects.requireNonNullElseGet(run.getStatus(), TenantMigrationRunStatus::empty);
    this.row = RunRow.of(run);
  }

  /** Where it stands, without its cohorts. */
  List<String> summary() {
    List<String> lines = new ArrayList<>();
    lines.add(headline());
    if (row.tenants() > 0) {
      lines.add("  " + tenants());
    }
    Condition ready = status.condition("Ready");
    if (ready != null) {
      lines.add("  " + ready.reason() + ": " + Markup.plain(ready.message()));
    }
    return lines;
  }

  /** Everything, top down. */
  List<String> lines() {
    List<String> lines = new ArrayList<>(summary());
    status
        .cohorts()
        .forEach(cohort -> lines.add("  " + cohort(cohort, "cohort " + cohort.number())));
    status.failureGroups().forEach(group -> lines.add("  " + group(group)));
    return lines;
  }

  /** Name, phase and where it stands. */
  String headline() {
    StringBuilder text = new StringBuilder(Markup.styled("bold", row.name()));
    text.append(' ').append(Markup.styled(style(row.phase()), row.phase().name()));
    if (row.target() != null) {
      text.append(", target ").append(row.target());
    }
    if (row.cohort() != null) {
      text.append(", cohorts ").append(row.cohort());
    }
    if (row.attempt() > 1) {
      text.append(", attempt ").append(row.attempt());
    }
    if (status.estimatedDuration() != null && !row.phase().isEnded()) {
      text.append(", about ").append(status.estimatedDuration()).append(" left");
    }
    return text.toString();
  }

  private String tenants() {
    return Counts.text(
        row.done() + " of " + row.tenants() + " tenants done", row.failed(), row.skipped());
  }

  /** A cohort under this name, such as {@code cohort 2/5}. */
  static String cohort(Cohort cohort, String name) {
    return "%s %s: %s"
        .formatted(
            name,
            cohort.state().name().toLowerCase(Locale.ROOT),
            Counts.text(
                cohort.succeeded() + cohort.alreadyCurrent() + " of " + cohort.size() + " done",
                cohort.failed(),
                cohort.skipped()));
  }

  private static String group(FailureGroup group) {
    return "%d failed with %s%s, such as %s"
        .formatted(
            group.count(),
            group.reason(),
            group.failedVersion() == null ? "" : " in " + group.failedVersion(),
            group.example());
  }

  static String style(Phase phase) {
    return switch (phase) {
      case Succeeded, Planned -> "green";
      case Aborted, CompletedWithFailures -> "red";
      case Suspended -> "yellow";
      case Pending, Running -> "cyan";
    };
  }

  /** Counts in words, with those that are zero left out. */
  private static final class Counts {
    private Counts() {}

    static String text(String done, int failed, int skipped) {
      return done
          + (failed > 0 ? ", " + Markup.styled("red", failed + " failed") : "")
          + (skipped > 0 ? ", " + skipped + " skipped" : "");
    }
  }
}
