package dev.fleetway.sandbox.crash;

import static org.awaitility.Awaitility.await;

import dev.fleetway.api.v1alpha1.Tenant;
import dev.fleetway.api.v1alpha1.TenantMigrationRun;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.CohortState;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.Phase;
import dev.fleetway.sandbox.fleet.Fleet;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/** One run of six tenants in a namespace of its own, through one story. */
final class ScriptedRun implements Person {
  static final String NAME = "v1";
  static final int TENANTS = 6;

  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final Duration POLL = Duration.ofMillis(100);

  private final KubernetesClient client;
  private final String namespace;
  private final MortalOperator operator;
  private final List<RunOutcome> looks = new ArrayList<>();

  private ScriptedRun(KubernetesClient client, String namespace, MortalOperator operator) {
    this.client = client;
    this.namespace = namespace;
    this.operator = operator;
  }

  /**
   * What is known when the story is over.
   *
   * @param looks how everything stood whenever the run rested
   * @param writes the operator's writes, in order
   */
  record Played(List<RunOutcome> looks, List<Write> writes) {}

  /** Plays the whole of it. */
  static Played play(
      KubernetesClient client, String namespace, Story story, MortalOperator operator) {
    ScriptedPods pods = ScriptedPods.start(client, namespace, story);
    try {
      ScriptedRun run = new ScriptedRun(client, namespace, operator);
      run.begin(story);
      story.tell(run);
      patiently("who died is replaced", operator::isAlive);
      // a reconcile that is under way shall show what it does
      operator.stop();
      run.looks();
      return new Played(List.copyOf(run.looks), operator.writes());
    } finally {
      operator.stop();
      pods.stop();
    }
  }

  private void begin(Story story) {
    new Fleet(namespace, Fleet.names(TENANTS), "db.example.com", 5432, "fleetway", "unused")
        .manifests().stream()
            .filter(Tenant.class::isInstance)
            .forEach(manifest -> client.resource(manifest).create());
    patiently("every tenant is known", this::everyTenantIsKnown);
    client.resource(manifest(story)).create();
  }

  private String manifest(Story story) {
    return """
    apiVersion: fleetway.dev/v1alpha1
    kind: TenantMigrationRun
    metadata: {name: %s, namespace: %s}
    spec: %s
    """
        .formatted(NAME, namespace, story.spec());
  }

  private static void patiently(String what, BooleanSupplier condition) {
    // What an operator's timer throws that was killed beside this one is nobody's failure.
    await(what)
        .dontCatchUncaughtExceptions()
        .atMost(PATIENCE)
        .pollDelay(Duration.ZERO)
        .pollInterval(POLL)
        .until(condition::getAsBoolean);
  }

  private boolean everyTenantIsKnown() {
    return tenants().stream()
        .allMatch(
            tenant ->
                tenant.getStatus() != null
                    && tenant.getStatus().access() != null
                    && tenant.getStatus().conditions() != null);
  }

  @Override
  public void seesCohortAtWork(int number) {
    sees(
        "cohort %d in the status".formatted(number),
        run ->
            run.getStatus().cohorts().stream()
                .anyMatch(c -> c.number() == number && c.state() == CohortState.Running));
    patiently(
        "the first outcome of cohort " + number,
        () ->
            tenants().stream()
                .map(tenant -> tenant.getStatus().lastRun())
                .anyMatch(lastRun -> lastRun != null && lastRun.cohort() == number));
  }

  @Override
  public void seesPhase(Phase phase) {
    sees(
        "phase " + phase,
        run -> run.getMetadata().getFinalizers().isEmpty() && run.getStatus().phase() == phase);
  }

  @Override
  public void seesEnd(int attempt) {
    sees(
        "the end of attempt " + attempt,
        run -> {
          TenantMigrationRunStatus status = run.getStatus();
          return run.getMetadata().getFinalizers().isEmpty()
              && status.attempt() != null
              && status.attempt() == attempt
              && status.phase().isEnded();
        });
  }

  @Override
  public void seesNothingLeft() {
    patiently("the run is gone", () -> run().get() == null);
  }

  /** A status that ends something comes first, then the finalizer goes. */
  private void sees(String what, Predicate<TenantMigrationRun> seen) {
    patiently(
        what,
        () ->
            Optional.ofNullable(run().get())
                .filter(run -> run.getStatus() != null)
                .filter(seen)
                .isPresent());
  }

  @Override
  public void changes(String patch) {
    TenantMigrationRun unused = run().patch(PatchContext.of(PatchType.JSON_MERGE), patch);
  }

  @Override
  public void deletes() {
    run().delete();
  }

  @Override
  public void looks() {
    looks.add(
        RunOutcome.of(
            Optional.ofNullable(run().get()),
            tenants(),
            client.configMaps().inNamespace(namespace).list().getItems(),
            client.batch().v1().jobs().inNamespace(namespace).list().getItems(),
            operator.created()));
  }

  private Resource<TenantMigrationRun> run() {
    return client.resources(TenantMigrationRun.class).inNamespace(namespace).withName(NAME);
  }

  private List<Tenant> tenants() {
    return client.resources(Tenant.class).inNamespace(namespace).list().getItems();
  }
}
