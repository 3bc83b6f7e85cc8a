package dev.fleetway.sandbox.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fleetway.api.v1alpha1.Tenant;
import dev.fleetway.api.v1alpha1.TenantMigrationRun;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.Phase;
import dev.fleetway.api.v1alpha1.TenantStatus.Access;
import dev.fleetway.operator.FleetwayOperator;
import dev.fleetway.operator.OperatorSettings;
import dev.fleetway.sandbox.fleet.Fleet;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The gate, the order of runs, and deletion, on any API server. */
abstract class OrderContract {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration POLL = Duration.ofMillis(20);

  private final Queue<String> accessWrites = new ConcurrentLinkedQueue<>();
  private final Queue<String> finalizerWrites = new ConcurrentLinkedQueue<>();
  private final Queue<String> tenantReads = new ConcurrentLinkedQueue<>();
  private KubernetesClient client;
  private String namespace;
  private HandDrivenJobs jobs;
  private FleetwayOperator operator;
  private KubernetesClient operatorClient;

  abstract String kubeconfig();

  abstract String freshNamespace();

  final KubernetesClient client() {
    return client;
  }

  final String namespace() {
    return namespace;
  }

  final HandDrivenJobs jobs() {
    return jobs;
  }

  @BeforeEach
  void start() {
    client = newClient(null);
    namespace = freshNamespace();
    jobs = new HandDrivenJobs(client, namespace);
    startOperator();
  }

  @AfterEach
  void stop() {
    stopOperator();
    jobs.close();
    client.close();
  }

  private KubernetesClient newClient(Interceptor interceptor) {
    return new KubernetesClientBuilder()
        .withConfig(Config.fromKubeconfig(kubeconfig()))
        .withHttpClientBuilderConsumer(
            http -> {
              if (interceptor != null) {
                http.addOrReplaceInterceptor("writes", interceptor);
              }
            })
        .build();
  }

  final void startOperator() {
    operatorClient = newClient(new OperatorRequests());
    operator = FleetwayOperator.start(operatorClient, OperatorSettings.of("runner:1", namespace));
  }

  final void stopOperator() {
    if (operator != null) {
      operator.close();
      operatorClient.close();
      operator = null;
    }
  }

  @Test
  void aGatedCohortIsReadOnlyFromBeforeItsJobUntilItCloses() {
    fleet(5);
    accessWrites.clear();
    tenantReads.clear();
    run("v1", "[2, 3]", "gate: {mode: ReadOnly, settle: 1s}");

    Job first = jobOf("v1");
    assertThat(tenantReads).as("a tenant that the gate reaches is news, not a doubt").isEmpty();
    assertThat(jobs.access().values())
        .as("when the Job of the first cohort exists")
        .containsExactly(
            Access.ReadOnly, Access.ReadOnly, Access.ReadWrite, Access.ReadWrite, Access.ReadWrite);
    assertThat(get("v1").getMetadata().getFinalizers()).isNotEmpty();
    jobs.succeed(first);
    Job second = nextJobOf("v1", first);
    assertThat(jobs.access().values())
        .as("when the Job of the second cohort exists")
        .containsExactly(
            Access.ReadWrite, Access.ReadWrite, Access.ReadOnly, Access.ReadOnly, Access.ReadOnly);
    jobs.succeed(second);
    untilPhase("v1", Phase.Succeeded);
    untilEverybodyIsWritable();
    patiently("the finalizer goes").until(() -> get("v1").getMetadata().getFinalizers().isEmpty());
    assertThat(accessWrites).as("one write sets a tenant's gate, one opens it").hasSize(2 * 5);
    assertThat(finalizerWrites).as("nothing lies between the cohorts").hasSize(2);
  }

  @Test
  void withoutAGateNoTenantIsWrittenByTheOperator() {
    fleet(2);
    accessWrites.clear();
    run("v1", "[2]", "");
    jobs.succeed(jobOf("v1"));
    untilPhase("v1", Phase.Succeeded);
    assertThat(accessWrites).isEmpty();
  }

  @Test
  void anOwnerWhoChangesTheStateMeanwhileIsHeard() {
    fleet(2);
    run("v1", "[2]", "gate: {mode: ReadOnly, settle: 0s}");
    Job job = jobOf("v1");
    patchTenant("tenant-001", "Suspended");
    patchTenant("tenant-002", "ReadOnly");
    patiently("the owner is heard")
        .until(
            () -> List.copyOf(jobs.access().values()),
            List.of(Access.None, Access.ReadOnly)::equals);
    patchTenant("tenant-001", "Active");
    patiently("the gate holds").until(() -> access("tenant-001") == Access.ReadOnly);
    jobs.succeed(job);
    untilPhase("v1", Phase.Succeeded);
    patiently("the gate opens").until(() -> access("tenant-001") == Access.ReadWrite);
    assertThat(access("tenant-002")).isEqualTo(Access.ReadOnly);
  }

  @Test
  void aDeletedRunDrainsThenOpensItsGateThenGoesWithoutItsConfigMaps() {
    fleet(2);
    run("v1", "[2]", "gate: {mode: ReadOnly, settle: 0s}");
    Job job = jobOf("v1");
    resource("v1").delete();
    // what a foreground deletion does first
    client.configMaps().inNamespace(namespace).delete();
    patiently("the Job is told to stop")
        .until(() -> HandDrivenJobs.isToldToStop(client.resource(job).get()));
    assertThat(jobs.access().values()).containsOnly(Access.ReadOnly);
    jobs.end(client.resource(job).get(), false);
    untilGone("v1");
    assertThat(jobs.access().values()).containsOnly(Access.ReadWrite);
  }

  @Test
  void aRunThatIsDeletedBeforeItsJobExistsOpensItsGate() {
    fleet(2);
    run("v1", "[2]", "gate: {mode: ReadOnly, settle: 1h}");
    untilReason("v1", "Settling");
    assertThat(jobs.access().values()).containsOnly(Access.ReadOnly);
    resource("v1").delete();
    untilGone("v1");
    assertThat(jobs.access().values()).containsOnly(Access.ReadWrite);
  }

  @Test
  void anOperatorThatComesBackKeepsTheGateShutAndOpensItLater() {
    fleet(2);
    run("v1", "[2]", "gate: {mode: ReadOnly, settle: 0s}");
    Job job = jobOf("v1");
    stopOperator();
    patchTenant("tenant-001", "ReadOnly");
    patchTenant("tenant-001", "Active");
    startOperator();
    untilObserved("tenant-001");
    assertThat(jobs.access().values()).containsOnly(Access.ReadOnly);
    jobs.succeed(job);
    untilPhase("v1", Phase.Succeeded);
    untilEverybodyIsWritable();
  }

  @Test
  void aGateWhoseRunWasTakenAwayByForceIsOpened() {
    fleet(2);
    run("v1", "[2]", "gate: {mode: ReadOnly, settle: 1h}");
    untilReason("v1", "Settling");
    stopOperator();
    removeByForce("v1");
    assertThat(jobs.access().values()).containsOnly(Access.ReadOnly);
    startOperator();
    untilEverybodyIsWritable();
    run("v2", "[2]", "gate: {mode: ReadOnly, settle: 1h}");
    untilReason("v2", "Settling");
    removeByForce("v2");
    untilEverybodyIsWritable();
  }

  @Test
  void ofTwoRunsOverTheSameTenantsOneWaitsForTheOther() {
    fleet(4);
    run("b", "[2]", "tenants: {names: [tenant-001, tenant-002]}");
    run("a", "[2]", "tenants: {names: [tenant-002, tenant-003]}");
    run("c", "[2]", "tenants: {names: [tenant-004]}");

    Set<String> finished = new HashSet<>();
    jobOf("c");
    patiently("all succeed")
        .until(
            () -> {
              List<Job> atWork = jobs.atWork();
              assertThat(
                      HandDrivenJobs.ofRun(atWork, "a").isPresent()
                          && HandDrivenJobs.ofRun(atWork, "b").isPresent())
                  .as("a and b at once")
                  .isFalse();
              if (atWork.size() >= 2 || !finished.isEmpty()) {
                atWork.forEach(jobs::succeed);
              }
              for (String run : List.of("a", "b", "c")) {
                if (phase(run) == Phase.Succeeded) {
                  finished.add(run);
                }
              }
              return finished.size() == 3;
            });
  }

  @Test
  void aRunGoesOnAsSoonAsTheOtherOneIsSuspendedOrDeleted() {
    fleet(4);
    run("a", "[1]", "");
    Job first = jobOf("a");
    run("b", "[4]", "");
    untilReason("b", "WaitingForRun");
    assertThat(get("b").getStatus().condition("Ready").message()).contains("Run a goes first");
    patch("a", "{\"spec\":{\"suspend\":true}}");
    jobs.succeed(first);
    untilPhase("a", Phase.Suspended);
    Job other = jobOf("b");
    patch("a", "{\"spec\":{\"suspend\":false}}");
    untilReason("a", "WaitingForRun");
    resource("b").delete();
    patiently("b is told to stop")
        .until(() -> HandDrivenJobs.isToldToStop(client.resource(other).get()));
    assertThat(HandDrivenJobs.ofRun(jobs.atWork(), "a")).isEmpty();
    jobs.end(client.resource(other).get(), false);
    untilGone("b");
    assertThat(jobs.assignment(jobOf("a")).cohort()).isEqualTo(2);
  }

  @Test
  void waitsForAPromotionAfterTheFirstCohort() {
    fleet(2);
    run("v1", "[1]", "", "pauseAfter: 1");
    jobs.succeed(jobOf("v1"));
    untilReason("v1", "AwaitingPromotion");
    assertThat(phase("v1")).isEqualTo(Phase.Suspended);
    patch("v1", "{\"spec\":{\"promote\":true}}");
    jobs.succeed(jobOf("v1"));
    untilPhase("v1", Phase.Succeeded);
  }

  @Test
  void aRunThatIsDeletedAndCreatedAgainAtOnceIsANewRun() {
    fleet(1);
    for (int i = 0; i < 20; i++) {
      run("v1", "[1]", "suspend: true");
      untilReason("v1", "SuspendedByUser");
      resource("v1").delete();
      run("v1", "[1]", "suspend: true");
      untilReason("v1", "SuspendedByUser");
      resource("v1").delete();
    }
    run("v1", "[1]", "");
    jobs.succeed(jobOf("v1"));
    untilPhase("v1", Phase.Succeeded);
  }

  final void fleet(int tenants) {
    new Fleet(namespace, Fleet.names(tenants), "db.example.com", 5432, "fleetway", "unused")
        .manifests()
        .forEach(manifest -> client.resource(manifest).create());
    patiently("every tenant is known")
        .until(
            () ->
                client.resources(Tenant.class).inNamespace(namespace).list().getItems().stream()
                    .allMatch(
                        tenant ->
                            tenant.getStatus() != null
                                && tenant.getStatus().access() != null
                                && tenant.getStatus().conditions() != null));
  }

  final void run(String name, String sizes, String more) {
    run(name, sizes, more, "abortRate: 10%");
  }

  private void run(String name, String sizes, String more, String rollout) {
    client
        .resource(
            """
            apiVersion: fleetway.dev/v1alpha1
            kind: TenantMigrationRun
            metadata: {name: %s, namespace: %s}
            spec:
              migrations: {configMapRefs: [{name: bundle}]}
              rollout: {cohortSizes: %s, %s}
              %s
            """
                .formatted(name, namespace, sizes, rollout, more))
        .create();
  }

  final Resource<TenantMigrationRun> resource(String run) {
    return client.resources(TenantMigrationRun.class).inNamespace(namespace).withName(run);
  }

  final TenantMigrationRun get(String run) {
    return resource(run).require();
  }

  private Phase phase(String run) {
    var status = get(run).getStatus();
    return status == null ? null : status.phase();
  }

  private Access access(String tenant) {
    return jobs.access().get(tenant);
  }

  private void patch(String run, String patch) {
    TenantMigrationRun unused = resource(run).patch(PatchContext.of(PatchType.JSON_MERGE), patch);
  }

  private void patchTenant(String tenant, String state) {
    Tenant unused =
        client
            .resources(Tenant.class)
            .inNamespace(namespace)
            .withName(tenant)
            .patch(
                PatchContext.of(PatchType.JSON_MERGE),
                "{\"spec\":{\"state\":\"%s\"}}".formatted(state));
  }

  private void removeByForce(String run) {
    resource(run).delete();
    // the operator may have been faster
    if (resource(run).get() != null) {
      patch(run, "{\"metadata\":{\"finalizers\":null}}");
    }
    untilGone(run);
  }

  final Job jobOf(String run) {
    return patiently("a Job of " + run)
        .until(() -> HandDrivenJobs.ofRun(jobs.atWork(), run), Optional::isPresent)
        .orElseThrow();
  }

  private Job nextJobOf(String run, Job before) {
    return patiently("the next Job of " + run)
        .until(
            () ->
                HandDrivenJobs.ofRun(jobs.atWork(), run)
                    .filter(
                        job -> !job.getMetadata().getName().equals(before.getMetadata().getName())),
            Optional::isPresent)
        .orElseThrow();
  }

  private void untilEverybodyIsWritable() {
    patiently("everybody is writable")
        .until(() -> Set.copyOf(jobs.access().values()), Set.of(Access.ReadWrite)::equals);
  }

  private void untilObserved(String tenant) {
    patiently(tenant + " is looked at")
        .until(
            () -> {
              Tenant now =
                  client.resources(Tenant.class).inNamespace(namespace).withName(tenant).require();
              return now.getMetadata().getGeneration().equals(now.getStatus().observedGeneration());
            });
  }

  private void untilPhase(String run, Phase wanted) {
    patiently(run + " is " + wanted).until(() -> phase(run) == wanted);
  }

  final void untilReason(String run, String reason) {
    patiently(run + " says " + reason)
        .until(
            () -> {
              var status = get(run).getStatus();
              return status != null
                  && status.condition("Ready") != null
                  && reason.equals(status.condition("Ready").reason());
            });
  }

  final void untilGone(String run) {
    patiently(run + " is gone").until(() -> resource(run).get() == null);
  }

  final ConditionFactory patiently(String what) {
    return await(what).atMost(PATIENCE).pollDelay(Duration.ZERO).pollInterval(POLL);
  }

  private final class OperatorRequests implements Interceptor {
    @Override
    public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
      String path = request.uri().getPath();
      boolean isPatch = request.method().equals("PATCH");
      if (path.contains("/tenants/")) {
        if (isPatch && request.bodyString().contains("\"access\"")) {
          accessWrites.add(path);
        } else if (request.method().equals("GET")) {
          tenantReads.add(path);
        }
      } else if (isPatch && request.bodyString().contains("finalizers")) {
        finalizerWrites.add(path);
      }
    }
  }
}
