package dev.fleetway.cli.run;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fleetway.api.v1alpha1.TenantMigrationRun;
import dev.fleetway.cli.command.Consent;
import dev.fleetway.cli.command.FleetwayCommand;
import dev.fleetway.cli.command.Session;
import dev.fleetway.cli.exit.CommandFailure;
import dev.fleetway.cli.exit.ExitCode;
import dev.fleetway.cli.output.Markup;
import dev.fleetway.cli.run.Steering.Change;
import dev.fleetway.cli.run.Steering.Refusal;
import dev.fleetway.cli.run.Steering.Verdict;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A command that changes the spec of a run after a question. */
abstract class SteerCommand extends FleetwayCommand {
  @Parameters(paramLabel = "NAME", description = "The run.")
  private String name;

  @Option(
      names = {"-y", "--yes"},
      description = "Do it without a question. Needed where there is no terminal.")
  private boolean yes;

  SteerCommand(Session session) {
    super(session);
  }

  /** What the wish means for the run as it stands. */
  abstract Verdict judge(Steering run);

  /** What comes after the change, such as waiting. */
  ExitCode afterwards(String run) {
    return ExitCode.OK;
  }

  @Override
  protected final ExitCode execute() {
    TenantMigrationRun run = cluster().run(name);
    Verdict verdict = judge(new Steering(run));
    if (verdict instanceof Refusal refusal) {
      throw CommandFailure.no(refusal.why());
    }
    Change change = (Change) verdict;
    if (!Consent.given(console(), yes, change.question())) {
      console().talk("nothing was changed");
      return ExitCode.NO;
    }
    patch(run, change);
    console().talk(Markup.plain(change.done()));
    return afterwards(name);
  }

  private void patch(TenantMigrationRun run, Change change) {
    ObjectNode patch = JsonNodeFactory.instance.objectNode();
    if (change.onlyAsSeen()) {
      patch
          .withObjectProperty("metadata")
          .put("resourceVersion", run.getMetadata().getResourceVersion());
    }
    patch.set("spec", change.spec());
    PatchContext strict =
        new PatchContext.Builder()
            .withPatchType(PatchType.JSON_MERGE)
            // A field that does not exist is an error, not a wish that is quietly dropped.
            .withFieldValidation("Strict")
            .build();
    cluster()
        .ask(
            () ->
                cluster()
                    .client()
                    .resources(TenantMigrationRun.class)
                    .inNamespace(cluster().namespace())
                    .withName(name)
                    .patch(strict, patch.toString()));
  }
}
