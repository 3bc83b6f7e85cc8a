package dev.fleetway.sandbox.crash;

import static org.awaitility.Awaitility.await;

import dev.fleetway.api.v1alpha1.Tenant;
import dev.fleetway.api.v1alpha1.TenantMigrationRun;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.CohortState;
import dev.fleetway.sandbox.api.ApiEndpoint;
import dev.fleetway.sandbox.fleet.Fleet;
import dev.fleetway.sandbox.fleet.RunManifest;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.awaitility.core.ConditionFactory;

/**
 * One run in a namespace of its own: six tenants in cohorts of two; the second cohort aborts by a
 * {@link Mishap}, a person raises the attempt, the rest succeeds.
 */
final class ScriptedRun {
  static final String NAME = "v1";
  static final int TENANTS = 6;

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration POLL = Duration.ofMillis(10);

  private final ApiEndpoint api;
  private final KubernetesClient client;
  private final String namespace;

  private ScriptedRun(ApiEndpoint api, KubernetesClient client, String namespace) {
    this.api = api;
    this.client = client;
    this.namespace = namespace;
  }

  /**
   * What is known when the run is over.
   *
   * @param aborted how the run stood when it was aborted
   * @param ended how it ended
   * @param writes the operator's writes, in order
   */
  record Played(RunOutcome aborted, RunOutcome ended, List<Write> writes) {}

  /** Plays the whole of it, with an operator that dies where it shall, and cleans up. */
  static Played play(
      ApiEndpoint api,
      KubernetesClient client,
      String namespace,
      Mishap mishap,
      Optional<Crash> crash) {
    client
        .resource(
            new NamespaceBuilder().withNewMetadata().withName(namespace).endMetadata().build())
        .create();
    ScriptedPods pods = ScriptedPods.start(client, namespace, mishap);
    try {
      return new ScriptedRun(api, client, namespace).play(mishap, crash);
    } finally {
      pods.stop();
      client.namespaces().withName(namespace).delete();
    }
  }

  private Played play(Mishap mishap, Optional<Crash> crash) {
    try (MortalOperator operator = MortalOperator.start(api, namespace, crash)) {
      new Fleet(namespace, Fleet.names(TENANTS), "db.example.com", 5432, "fleetway", "unused")
          .manifests()
          .forEach(manifest -> client.resource(manifest).create());
      patiently("every tenant is known").until(this::everyTenantIsKnown);
      client
          .resource(new RunManifest(namespace, NAME, "bundle", null, List.of(2)).toYaml())
          .create();
      if (mishap == Mishap.PERSON_ABORTS) {
        patiently("the cohort runs").until(this::isAtTheMishap);
        change("{\"spec\":{\"abort\":true}}");
      }
      patiently("the run aborts").until(() -> hasEnded(Mishap.ATTEMPT));
      RunOutcome aborted = outcome(operator);
      change("{\"spec\":{\"abort\":false,\"attempt\":2}}");
      patiently("the run ends").until(() -> hasEnded(Mishap.ATTEMPT + 1));
      if (crash.isPresent()) {
        patiently("the operator died and was replaced").until(operator.successor()::isDone);
        operator.successor().join();
      }
      // a reconcile that is under way shall show what it does
      operator.stop();
      return new Played(aborted, outcome(operator), operator.writes());
    }
  }

  private static ConditionFactory patiently(String what) {
    return await(what).atMost(PATIENCE).pollDelay(Duration.ZERO).pollInterval(POLL);
  }

  private boolean everyTenantIsKnown() {
    return tenants().stream()
        .allMatch(
            tenant ->
                tenant.getStatus() != null
                    && tenant.getStatus().access() != null
                    && tenant.getStatus().conditions() != null);
  }

  private void change(String patch) {
    TenantMigrationRun unused = run().patch(PatchContext.of(PatchType.JSON_MERGE), patch);
  }

  private boolean isAtTheMishap() {
    var status = run().require().getStatus();
    return status != null
        && status.cohorts().stream()
            .anyMatch(
                cohort ->
                    cohort.number() == Mishap.COHORT && cohort.state() == CohortState.Running);
  }

  /** The status comes first, then the finalizer goes. */
  private boolean hasEnded(int attempt) {
    TenantMigrationRun run = run().require();
    var status = run.getStatus();
    return status != null
        && run.getMetadata().getFinalizers().isEmpty()
        && status.attempt() != null
        && status.attempt() == attempt
        && status.phase().isEnded();
  }

  private Resource<TenantMigrationRun> run() {
    return client.resources(TenantMigrationRun.class).inNamespace(namespace).withName(NAME);
  }

  private List<Tenant> tenants() {
    return client.resources(Tenant.class).inNamespace(namespace).list().getItems();
  }

  private RunOutcome outcome(MortalOperator operator) {
    return RunOutcome.of(
        run().require(),
        tenants(),
        client.configMaps().inNamespace(namespace).list().getItems(),
        operator.created());
  }
}
