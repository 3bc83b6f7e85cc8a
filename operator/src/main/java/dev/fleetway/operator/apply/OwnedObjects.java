package dev.fleetway.operator.apply;

import dev.fleetway.api.v1alpha1.TenantMigrationRun;
import dev.fleetway.operator.decide.Decision;
import dev.fleetway.operator.decide.Decision.FreezePlan;
import dev.fleetway.operator.decide.Decision.RestoreAssignment;
import dev.fleetway.operator.decide.Decision.RestorePlan;
import dev.fleetway.operator.decide.Decision.SetGate;
import dev.fleetway.operator.decide.Decision.SettleCohort;
import dev.fleetway.operator.decide.Decision.StartCohort;
import dev.fleetway.operator.decide.Decision.StartInspection;
import dev.fleetway.operator.model.RunNames;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import java.util.List;

/** What a decision lets a run own: Jobs and ConfigMaps, in the order of their creation. Pure. */
final class OwnedObjects {
  private final JobFactory jobs;

  OwnedObjects(RunnerDefaults defaults) {
    this.jobs = new JobFactory(defaults);
  }

  List<? extends HasMetadata> of(TenantMigrationRun run, Decision decision) {
    String namespace = run.getMetadata().getNamespace();
    RunNames names = new RunNames(run.getMetadata().getName(), run.getMetadata().getUid());
    OwnerReference owner = owner(run);
    RunConfigMaps configMaps = new RunConfigMaps(names, namespace, owner);
    if (decision instanceof StartInspection) {
      int attempt = run.getStatus().attempt();
      return List.of(jobs.inspection(names, namespace, owner, attempt, run.getSpec()));
    }
    if (decision instanceof FreezePlan freeze) {
      return configMaps.plan(freeze.plan());
    }
    if (decision instanceof RestorePlan restore) {
      return configMaps.plan(restore.plan());
    }
    if (decision instanceof RestoreAssignment restore) {
      return List.of(configMaps.assignment(restore.assignment()));
    }
    if (decision instanceof SetGate gate) {
      return List.of(configMaps.assignment(gate.assignment()));
    }
    if (decision instanceof StartCohort start) {
      HasMetadata job = jobs.cohort(names, start.assignment(), owner, run.getSpec());
      return start.isStored()
          ? List.of(job)
          : List.of(configMaps.assignment(start.assignment()), job);
    }
    if (decision instanceof SettleCohort settle) {
      return List.of(configMaps.result(settle.verdict(), settle.resultName()));
    }
    return List.of();
  }

  private static OwnerReference owner(TenantMigrationRun run) {
    return new OwnerReferenceBuilder()
        .withApiVersion(run.getApiVersion())
        .withKind(run.getKind())
        .withName(run.getMetadata().getName())
        .withUid(run.getMetadata().getUid())
        .withController(true)
        .withBlockOwnerDeletion(true)
        .build();
  }
}
