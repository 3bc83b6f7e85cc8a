package dev.fleetway.sandbox.order;

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
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** An operator with a fleet in a namespace of its own, whose pods the test plays. */
abstract class OperatorAtWork {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration POLL = Duration.ofMillis(20);

  private final Api api;
  private final Queue<String> accessWrites = new ConcurrentLinkedQueue<>();
  private final Queue<String> finalizerWrites = new ConcurrentLinkedQueue<>();
  private final Queue<String> tenantReads = new ConcurrentLinkedQueue<>();
  private KubernetesClient client;
  private String namespace;
  private HandDrivenJobs jobs;
  private FleetwayOperator operator;
  private KubernetesClient operatorClient;

  OperatorAtWork(Api api) {
    this.api = api;
  }

  /** Writes of {@code status.access} by the operator, since they were cleared. */
  final Queue<String> accessWrites() {
    return accessWrites;
  }

  final Queue<String> finalizerWrites() {
    return finalizerWrites;
  }

  final Queue<String> tenantReads() {
    return tenantReads;
  }

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
    namespace = api.freshNamespace();
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
        .withConfig(Config.fromKubeconfig(api.kubeconfig()))
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

  final void run(String name, String sizes, String more, String rollout) {
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

  final Phase phase(String run) {
    var status = get(run).getStatus();
    return status == null ? null : status.phase();
  }

  final Access access(String tenant) {
    return jobs.access().get(tenant);
  }

  final void patch(String run, String patch) {
    TenantMigrationRun unused = resource(run).patch(PatchContext.of(PatchType.JSON_MERGE), patch);
  }

  final void patchTenant(String tenant, String state) {
    Tenant unused =
        client
            .resources(Tenant.class)
            .inNamespace(namespace)
            .withName(tenant)
            .patch(
                PatchContext.of(PatchType.JSON_MERGE),
                "{\"spec\":{\"state\":\"%s\"}}".formatted(state));
  }

  final void removeByForce(String run) {
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

  final Job nextJobOf(String run, Job before) {
    return patiently("the next Job of " + run)
        .until(
            () ->
                HandDrivenJobs.ofRun(jobs.atWork(), run)
                    .filter(
                        job -> !job.getMetadata().getName().equals(before.getMetadata().getName())),
            Optional::isPresent)
        .orElseThrow();
  }

  final void untilEverybodyIsWritable() {
    patiently("everybody is writable")
        .until(() -> Set.copyOf(jobs.access().values()), Set.of(Access.ReadWrite)::equals);
  }

  final void untilObserved(String tenant) {
    patiently(tenant + " is looked at")
        .until(
            () -> {
              Tenant now =
                  client.resources(Tenant.class).inNamespace(namespace).withName(tenant).require();
              return now.getMetadata().getGeneration().equals(now.getStatus().observedGeneration());
            });
  }

  final void untilPhase(String run, Phase wanted) {
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
