package dev.fleetway.operator.apply;

import dev.fleetway.api.v1alpha1.Runner;
import dev.fleetway.api.v1alpha1.Tenant;
import dev.fleetway.api.v1alpha1.TenantMigrationRun;
import dev.fleetway.operator.decide.Decision;
import dev.fleetway.operator.decide.Decision.EndJob;
import dev.fleetway.operator.decide.Decision.RepeatInspection;
import dev.fleetway.operator.decide.Decision.SettleCohort;
import dev.fleetway.operator.model.JsonPatch;
import dev.fleetway.operator.model.RunNames;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * What the applier sends for a decision, as values.
 *
 * @param outcomes JSON patches of Tenants, by name
 * @param created in this order, after the outcomes
 * @param endedJob merge patch of the Job that is told to stop
 * @param deletedJob name of the Job that goes
 */
public record Writes(
    Map<String, JsonPatch> outcomes,
    List<? extends HasMetadata> created,
    Optional<String> endedJob,
    Optional<String> deletedJob) {
  private static final RunnerDefaults DEFAULTS =
      new RunnerDefaults(
          new Runner(
              "fleetway.dev/fleetway-runner:0.1.0",
              null,
              null,
              null,
              null,
              null,
              null,
              "fleetway-runner",
              null,
              null));

  /** Of this decision about this run. */
  public static Writes of(
      TenantMigrationRun run,
      Decision decision,
      Function<String, Optional<Tenant>> tenants,
      Instant now) {
    return new Writes(
        outcomes(run, decision, tenants, now),
        new OwnedObjects(DEFAULTS).of(run, decision),
        decision instanceof EndJob end ? Optional.of(RunApplier.endPatch(end)) : Optional.empty(),
        decision instanceof RepeatInspection repeat
            ? Optional.of(repeat.jobName())
            : Optional.empty());
  }

  private static Map<String, JsonPatch> outcomes(
      TenantMigrationRun run,
      Decision decision,
      Function<String, Optional<Tenant>> tenants,
      Instant now) {
    Map<String, JsonPatch> patches = new LinkedHashMap<>();
    if (decision instanceof SettleCohort settle) {
      RunNames names = new RunNames(run.getMetadata().getName(), run.getMetadata().getUid());
      OutcomePatch outcomes = new OutcomePatch(names, run.getSpec().mode(), settle.verdict(), now);
      outcomes
          .lines()
          .forEach(
              line ->
                  tenants
                      .apply(line.tenant().name())
                      .flatMap(tenant -> outcomes.of(line, tenant))
                      .ifPresent(patch -> patches.put(line.tenant().name(), patch)));
    }
    return patches;
  }
}
