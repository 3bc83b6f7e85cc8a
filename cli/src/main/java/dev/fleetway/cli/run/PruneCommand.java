package dev.fleetway.cli.run;

import dev.fleetway.api.v1alpha1.TenantMigrationRun;
import dev.fleetway.cli.command.Consent;
import dev.fleetway.cli.command.FleetwayCommand;
import dev.fleetway.cli.command.Session;
import dev.fleetway.cli.command.TableOutput;
import dev.fleetway.cli.exit.CommandFailure;
import dev.fleetway.cli.exit.ExitCode;
import dev.fleetway.cli.output.Listing;
import java.util.Comparator;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code runs prune --keep N}. */
@Command(
    name = "prune",
    description = {
      "Deletes ended runs beyond the newest N, with their reports; never the newest of a fleet, and"
          + " never one that goes on. Prints what it deleted.",
      ""
    },
    footer = {"", "Example:", "  fleetway runs prune --keep 20 --yes"})
final class PruneCommand extends FleetwayCommand {
  private static final Comparator<TenantMigrationRun> NEWEST_FIRST =
      Comparator.<TenantMigrationRun, String>comparing(
              run -> run.getMetadata().getCreationTimestamp())
          .thenComparing(run -> run.getMetadata().getName())
          .reversed();

  @Option(
      names = "--keep",
      paramLabel = "N",
      required = true,
      description = "How many ended runs stay; at least the newest one does.")
  private int keep;

  @Option(names = "--dry-run", description = "Only print what would be deleted.")
  private boolean dryRun;

  @Option(
      names = {"-y", "--yes"},
      description = "Do it without a question. Needed where there is no terminal.")
  private boolean yes;

  @Mixin private final TableOutput output = new TableOutput();

  PruneCommand(Session session) {
    super(session);
  }

  @Override
  protected ExitCode execute() {
    if (keep < 0) {
      throw CommandFailure.usage("--keep must not be negative");
    }
    List<TenantMigrationRun> old = beyond(cluster().runs(), keep);
    if (old.isEmpty()) {
      console().talk("nothing to delete: no more than " + Math.max(1, keep) + " runs have ended");
      return ExitCode.OK;
    }
    if (!dryRun && !Consent.given(console(), yes, "Delete " + names(old) + ", with reports?")) {
      console().talk("nothing was deleted");
      return ExitCode.NO;
    }
    if (!dryRun) {
      old.forEach(this::delete);
    }
    print(old);
    return ExitCode.OK;
  }

  /** The ended runs beyond the newest so many, oldest first; the newest of all stays. */
  static List<TenantMigrationRun> beyond(List<TenantMigrationRun> runs, int keep) {
    List<TenantMigrationRun> ended =
        runs.stream()
            .filter(run -> run.getMetadata().getDeletionTimestamp() == null)
            .filter(RunPoll::isEnded)
            .sorted(NEWEST_FIRST)
            .toList();
    return ended.stream().skip(Math.max(1, keep)).sorted(NEWEST_FIRST.reversed()).toList();
  }

  private static String names(List<TenantMigrationRun> runs) {
    return runs.size() == 1
        ? runs.get(0).getMetadata().getName()
        : runs.size()
            + " runs, "
            + runs.get(0).getMetadata().getName()
            + " to "
            + runs.get(runs.size() - 1).getMetadata().getName();
  }

  /** Only as it was seen: somebody may have resumed it since. */
  private void delete(TenantMigrationRun run) {
    cluster()
        .ask(
            () ->
                cluster()
                    .client()
                    .resource(run)
                    .inNamespace(cluster().namespace())
                    .lockResourceVersion(run.getMetadata().getResourceVersion())
                    .delete());
  }

  private void print(List<TenantMigrationRun> runs) {
    Listing.of(RunRow.class, runs.stream().map(RunRow::of).toList())
        .column("NAME", RunRow::name)
        .column("PHASE", RunRow::phase)
        .column("TOTAL", RunRow::tenants)
        .column("STARTED", RunRow::started)
        .column("ENDED", RunRow::ended)
        .print(console(), output.format());
  }
}
