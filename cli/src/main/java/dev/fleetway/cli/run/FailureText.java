package dev.fleetway.cli.run;

import dev.fleetway.api.v1alpha1.TenantMigrationRun;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.FailureGroup;
import dev.fleetway.cli.output.Console;
import dev.fleetway.cli.output.Listing;
import dev.fleetway.cli.output.Markup;
import dev.fleetway.cli.run.FailureDocument.Group;
import dev.fleetway.cli.run.FailureDocument.Member;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Failed tenants as people read them: a paragraph per cause. */
final class FailureText {
  private FailureText() {}

  /** Causes with hint, next command and all their tenants. */
  static List<String> lines(FailureDocument failures, Console console) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "%s: %d failed %s, %d %s"
            .formatted(
                failures.run(),
                failures.failed(),
                failures.failed() == 1 ? "tenant" : "tenants",
                failures.groups().size(),
                failures.groups().size() == 1 ? "cause" : "causes"));
    for (Group group : failures.groups()) {
      lines.add("");
      lines.add(Markup.styled("bold,red", headline(group)));
      if (group.hint() != null) {
        lines.add("  hint: " + Markup.plain(group.hint()));
      }
      lines.add("  next: " + Markup.styled("cyan", group.next()));
      tenants(group, console).lines().forEach(line -> lines.add("  " + Markup.plain(line)));
    }
    return lines;
  }

  /** A row per cause: what a gate prints at its end. The status of the run is enough for it. */
  static String triage(TenantMigrationRun run, Console console) {
    RunRow row = RunRow.of(run);
    return Listing.of(FailureGroup.class, run.getStatus().failureGroups())
        .column("FAILED", FailureGroup::count)
        .column("REASON", FailureGroup::reason, group -> "red")
        .column("SQLSTATE", FailureGroup::sqlState)
        .column("VERSION", FailureGroup::failedVersion)
        .column("SERVERS", FailureGroup::servers)
        .column("SUCH-AS", FailureGroup::example)
        .column("NEXT", group -> NextStep.after(group, row.name(), row.phase()))
        .table(console);
  }

  private static String headline(Group group) {
    return "%s%s%s, %d %s on %d %s, cause %s"
        .formatted(
            group.reason(),
            group.sqlState() == null ? "" : " " + group.sqlState(),
            group.failedVersion() == null ? "" : " in " + group.failedVersion(),
            group.count(),
            group.count() == 1 ? "tenant" : "tenants",
            group.servers(),
            group.servers() == 1 ? "server" : "servers",
            Objects.requireNonNullElse(group.fingerprint(), "unknown"));
  }

  private static String tenants(Group group, Console console) {
    return Listing.of(Member.class, group.tenants())
        .column("TENANT", Member::tenant)
        .column("COHORT", Member::cohort)
        .column("SERVER", Member::server)
        .column("MESSAGE", Member::message)
        .plainTable(console);
  }
}
