package dev.fleetway.cli.run;

import dev.fleetway.api.v1alpha1.TenantStatus.Outcome;
import dev.fleetway.cli.output.Console;
import dev.fleetway.cli.run.Report.Cohort;
import dev.fleetway.cli.run.Report.TenantLine;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/** A report for a wiki page or a pull request. */
final class MarkdownReport {
  private final Report report;
  private final Console console;
  private final StringBuilder text = new StringBuilder();

  private MarkdownReport(Report report, Console console) {
    this.report = report;
    this.console = console;
  }

  static String of(Report report, Console console) {
    return new MarkdownReport(report, console).text();
  }

  private String text() {
    line("# Run " + report.run());
    line("");
    line("| | |");
    line("|---|---|");
    fact("Phase", report.phase());
    fact("Why", report.reason() == null ? null : report.reason() + ": " + report.message());
    fact("Mode", report.mode());
    fact("Namespace", report.namespace());
    fact("Target", report.target());
    fact("Bundle", report.bundleDigest());
    fact("Attempts", report.attempts());
    fact("Started", time(report.started()));
    fact("Ended", time(report.ended()));
    section("Who, as far as Kubernetes knows", "program | how | last");
    report.writers().forEach(w -> row(w.program(), w.operation(), time(w.time())));
    if (!report.aborts().isEmpty()) {
      section("Aborts", "attempt | cohort | why | when");
      report.aborts().forEach(a -> row(a.attempt(), a.cohort(), a.reason(), time(a.time())));
    }
    report.cohorts().forEach(this::cohort);
    return text.toString().stripTrailing();
  }

  private void cohort(Cohort cohort) {
    section(
        "Attempt " + cohort.attempt() + ", cohort " + cohort.number(),
        "tenant | outcome | why | from | to | took | what happened");
    cohort.tenants().forEach(this::tenant);
    long failed = count(cohort.tenants(), Outcome.Failed);
    line("");
    line(
        "%d tenants, %d failed%s."
            .formatted(
                cohort.tenants().size(),
                failed,
                cohort.started() == null
                    ? ""
                    : ", " + time(cohort.started()) + " to " + time(cohort.ended())));
  }

  private void tenant(TenantLine tenant) {
    String why =
        tenant.reason() == null
            ? null
            : tenant.reason() + (tenant.sqlState() == null ? "" : " " + tenant.sqlState());
    row(
        tenant.tenant(),
        tenant.outcome(),
        why,
        tenant.fromVersion(),
        tenant.toVersion(),
        tenant.millis() == null ? null : tenant.millis() + " ms",
        tenant.message());
  }

  private static long count(List<TenantLine> tenants, Outcome outcome) {
    return tenants.stream().filter(tenant -> tenant.outcome() == outcome).count();
  }

  private void section(String title, String headings) {
    line("");
    line("## " + title);
    line("");
    line("| " + headings + " |");
    line("|" + "---|".repeat(headings.split("\\|", -1).length));
  }

  private void fact(String name, Object value) {
    if (value != null) {
      row(name, value);
    }
  }

  private void row(Object... cells) {
    StringBuilder row = new StringBuilder("|");
    for (Object cell : cells) {
      row.append(' ')
          .append(escaped(Objects.requireNonNullElse(cell, "-").toString()))
          .append(" |");
    }
    line(row.toString());
  }

  private static String escaped(String cell) {
    return cell.replace("|", "\\|").replaceAll("\\s+", " ");
  }

  private String time(Instant time) {
    return time == null ? null : console.time(time);
  }

  private void line(String line) {
    text.append(line).append('\n');
  }
}
