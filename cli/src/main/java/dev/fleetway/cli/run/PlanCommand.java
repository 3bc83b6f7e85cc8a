package dev.fleetway.cli.run;

import dev.fleetway.api.v1alpha1.TenantMigrationRun;
import dev.fleetway.api.v1alpha1.TenantMigrationRunSpec.Mode;
import dev.fleetway.cli.command.FleetwayCommand;
import dev.fleetway.cli.command.Session;
import dev.fleetway.cli.command.TableOutput;
import dev.fleetway.cli.exit.CommandFailure;
import dev.fleetway.cli.exit.ExitCode;
import dev.fleetway.cli.output.Documents;
import dev.fleetway.cli.output.Listing;
import dev.fleetway.cli.output.OutputFormat;
import dev.fleetway.cli.run.PlanView.PlannedRow;
import dev.fleetway.operator.model.PlanDocument;
import dev.fleetway.operator.model.RolloutPlan;
import dev.fleetway.operator.model.TenantView;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code plan NAME}. */
@Command(
    name = "plan",
    description = {
      "Shows cohorts with their tenants, pending versions, problems and the projected duration.",
      "For a run that exists: what it froze and, in mode Plan, what it found in each database. With"
          + " --bundle, before there is one: what it would freeze now, from what is known of the"
          + " tenants. To look into the databases: fleetway run NAME --bundle DIR --plan --wait.",
      "Exit code 0: no problem. 1: there are.",
      ""
    },
    footer = {
      "",
      "Example:",
      "  fleetway plan p112",
      "  fleetway plan v112 --bundle ./migrations --cohort-sizes 1,10,100"
    })
public final class PlanCommand extends FleetwayCommand {
  @Parameters(paramLabel = "NAME", description = "The run, or the name that it shall have.")
  private String name;

  @Mixin private final SourceOptions source = new SourceOptions();
  @Mixin private final RolloutOptions rollout = new RolloutOptions();

  @Mixin private final TableOutput output = new TableOutput();

  PlanCommand(Session session) {
    super(session);
  }

  @Override
  protected ExitCode execute() {
    PlanView plan = source.sources() == 0 ? frozen() : preview();
    switch (output.format()) {
      case TABLE -> table(plan);
      case JSON -> console().data(Documents.json(plan));
      case YAML -> console().data(Documents.yaml(plan));
      case CSV -> console().data(Documents.csv(PlannedRow.class, plan.rows()));
    }
    return plan.problems() == 0 ? ExitCode.OK : ExitCode.NO;
  }

  private PlanView frozen() {
    TenantMigrationRun run = cluster().run(name);
    List<PlanDocument> parts =
        RunResults.configMaps(cluster(), run).stream()
            .map(map -> map.getData().get(PlanDocument.KEY))
            .filter(Objects::nonNull)
            .map(text -> RunResults.parse(text, PlanDocument.class))
            .sorted(Comparator.comparing(PlanDocument::part))
            .toList();
    if (parts.isEmpty()) {
      boolean frozen = run.getStatus() != null && run.getStatus().planHash() != null;
      throw CommandFailure.no(
          frozen
              ? name + " has a plan no more: somebody deleted its ConfigMaps"
              : name
                  + " has no plan yet: it is frozen when the run may start. See fleetway status "
                  + name);
    }
    RolloutPlan plan = PlanDocument.join(parts);
    return new PlanReading(fleet()).frozen(run, plan);
  }

  private PlanView preview() {
    if (source.bundle().isEmpty()) {
      throw CommandFailure.usage(
          "only a directory can be looked at from here: --bundle DIR, or fleetway run "
              + name
              + " --plan with the image");
    }
    LocalBundle bundle = LocalBundle.read(source.bundle().get(), source.targetVersion());
    RunManifests manifests =
        RunManifests.of(name, Mode.Apply, source, rollout, bundle.configMaps(name));
    return new PlanReading(fleet()).preview(name, manifests.typed().getSpec(), bundle.bundle());
  }

  private List<TenantView> fleet() {
    return cluster().tenants().stream().map(TenantView::of).toList();
  }

  private void table(PlanView plan) {
    console()
        .talk(
            "%s%s: %d tenants in %d %s, %d with something pending, %d with problems%s\n"
                .formatted(
                    plan.run(),
                    plan.preview() ? " would be" : "",
                    plan.tenants(),
                    plan.cohorts().size(),
                    plan.cohorts().size() == 1 ? "cohort" : "cohorts",
                    plan.pending(),
                    plan.problems(),
                    plan.estimatedDuration() == null ? "" : ", about " + plan.estimatedDuration()));
    Listing.of(PlannedRow.class, plan.rows())
        .column("COHORT", PlannedRow::cohort)
        .column("TENANT", PlannedRow::tenant)
        .column("VERSION", PlannedRow::version)
        .column("PENDING", PlannedRow::pending)
        .column("VERSIONS", PlannedRow::pendingVersions)
        .column("PROBLEMS", PlannedRow::problems, row -> row.problems().isEmpty() ? "" : "red")
        .column("SERVER", PlannedRow::server)
        .print(console(), OutputFormat.TABLE);
  }
}
