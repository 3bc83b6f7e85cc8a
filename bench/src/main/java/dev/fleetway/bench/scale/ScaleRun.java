package dev.fleetway.bench.scale;

import dev.fleetway.api.v1alpha1.TenantMigrationRun;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.Phase;
import dev.fleetway.bench.report.ScaleMeasurement;
import dev.fleetway.sandbox.api.ApiEndpoint;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * One run over a new fleet, on an API server and by an operator of its own.
 *
 * @param binaries kube-apiserver and etcd
 * @param operator directory with {@code fleetway-operator.jar} and {@code lib/}
 * @param work takes the logs
 * @param tenants how many
 * @param cohort tenants of a cohort
 * @param gate whether the tenants of the running cohort are read-only
 * @param progress hears what goes on
 */
public record ScaleRun(
    Path binaries,
    Path operator,
    Path work,
    int tenants,
    int cohort,
    boolean gate,
    Consumer<String> progress) {
  private static final String NAME = "v105";
  private static final Duration PATIENCE = Duration.ofMinutes(20);
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(500);

  private static final String MANIFEST =
      """
      apiVersion: fleetway.dev/v1alpha1
      kind: TenantMigrationRun
      metadata: {name: %s, namespace: %s}
      spec:
        migrations: {configMapRefs: [{name: bundle}]}
        rollout: {cohortSizes: [%d], stagger: 0s}
        gate: {mode: %s, settle: 0s}
      """;

  /**
   * Runs it, and checks how it ended.
   *
   * @throws IllegalStateException when a tenant was missed, a total is wrong, a Job too many
   */
  public ScaleMeasurement measure() throws IOException {
    Files.createDirectories(work);
    AuditLog audit = AuditLog.in(work);
    try (ApiEndpoint api = ApiEndpoint.real(binaries, audit.flags());
        KubernetesClient person = Sender.PERSON.client(api.kubeconfig());
        KubernetesClient cluster = Sender.CLUSTER.client(api.kubeconfig());
        KubernetesClient pods = Sender.RUNNER.client(api.kubeconfig());
        PlayedCluster jobs =
            PlayedCluster.start(cluster, new PlayedRunner(pods), OperatorProcess.NAMESPACE);
        OperatorProcess process = OperatorProcess.start(operator, work, api.kubeconfig())) {
      ScaleFleet fleet = new ScaleFleet(person, OperatorProcess.NAMESPACE, tenants);
      progress.accept(api.description() + ", creating the fleet");
      fleet.create();
      progress.accept("waiting until the operator knows it");
      await("all tenants are known", process, jobs, fleet::isKnown);

      progress.accept("the run goes");
      Duration cpuBefore = process.cpu();
      Instant start = Instant.now();
      TenantMigrationRun run = person.resource(manifest()).create();
      await("the run ends", process, jobs, () -> hasEnded(person));
      Duration cpu = process.cpu().minus(cpuBefore);
      String uid = run.getMetadata().getUid();
      await("the gate opens", process, jobs, () -> !gate || fleet.succeeded(uid) == tenants);
      check(person, fleet, uid);

      List<ApiRequest> requests = audit.since(start);
      Timeline timeline = Timeline.of(requests, jobs.cohortOf());
      return measurement(requests, timeline, start, cpu, process.peakHeapMebibytes(), size(person));
    }
  }

  private TenantMigrationRun manifest() {
    return Serialization.unmarshal(
        MANIFEST.formatted(NAME, OperatorProcess.NAMESPACE, cohort, gate ? "ReadOnly" : "None"),
        TenantMigrationRun.class);
  }

  private static void await(
      String what, OperatorProcess process, PlayedCluster jobs, BooleanSupplier condition) {
    Instant end = Instant.now().plus(PATIENCE);
    while (!condition.getAsBoolean()) {
      process.requireAlive();
      Optional<String> trouble = jobs.trouble();
      if (trouble.isPresent() || Instant.now().isAfter(end)) {
        throw new IllegalStateException(
            "waited in vain until " + what + trouble.map(text -> ": " + text).orElse(""));
      }
      LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
    }
  }

  private static boolean hasEnded(KubernetesClient client) {
    TenantMigrationRun run = run(client);
    return run.getStatus() != null
        && run.getStatus().phase() != null
        && run.getStatus().phase().isEnded()
        && run.getMetadata().getFinalizers().isEmpty();
  }

  private static TenantMigrationRun run(KubernetesClient client) {
    return client
        .resources(TenantMigrationRun.class)
        .inNamespace(OperatorProcess.NAMESPACE)
        .withName(NAME)
        .require();
  }

  private static int size(KubernetesClient client) {
    String path =
        "/apis/fleetway.dev/v1alpha1/namespaces/%s/tenantmigrationruns/%s"
            .formatted(OperatorProcess.NAMESPACE, NAME);
    return client.raw(path).getBytes(StandardCharsets.UTF_8).length;
  }

  private void check(KubernetesClient client, ScaleFleet fleet, String uid) {
    TenantMigrationRunStatus status = run(client).getStatus();
    require(status.phase() == Phase.Succeeded, "phase is " + status.phase());
    var totals = status.totals();
    require(totals.tenants() == tenants && totals.succeeded() == tenants, "totals are " + totals);
    int succeeded = fleet.succeeded(uid);
    require(succeeded == tenants, "only " + succeeded + " tenants have succeeded");
    Map<String, Long> jobs =
        client.batch().v1().jobs().inNamespace(OperatorProcess.NAMESPACE).list().getItems().stream()
            .map(job -> job.getMetadata().getLabels().get("fleetway.dev/cohort"))
            .filter(cohort -> cohort != null)
            .collect(Collectors.groupingBy(cohort -> cohort, TreeMap::new, Collectors.counting()));
    require(
        jobs.size() == cohorts() && jobs.values().stream().allMatch(count -> count == 1),
        "Jobs by cohort: " + jobs);
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalStateException("the run went wrong: " + otherwise);
    }
  }

  private int cohorts() {
    return (tenants + cohort - 1) / cohort;
  }

  private ScaleMeasurement measurement(
      List<ApiRequest> requests,
      Timeline timeline,
      Instant start,
      Duration cpu,
      int peakHeapMebibytes,
      int runObjectBytes) {
    SortedMap<String, Long> byVerb =
        requests.stream()
            .filter(request -> request.isFrom(Sender.OPERATOR))
            .collect(
                Collectors.groupingBy(
                    request -> request.verb() + " " + request.resource(),
                    TreeMap::new,
                    Collectors.counting()));
    return new ScaleMeasurement(
        tenants,
        gate,
        cohorts(),
        seconds(Duration.between(start, timeline.finished())),
        seconds(Duration.between(start, timeline.firstJob())),
        timeline.overheads().stream().mapToDouble(ScaleRun::seconds).average().orElseThrow(),
        timeline.closeLag(0.5).toMillis(),
        timeline.closeLag(0.99).toMillis(),
        writes(requests, Sender.OPERATOR),
        writes(requests, Sender.RUNNER),
        byVerb,
        seconds(cpu),
        peakHeapMebibytes,
        runObjectBytes);
  }

  private static long writes(List<ApiRequest> requests, Sender sender) {
    return requests.stream().filter(request -> request.isFrom(sender) && request.isWrite()).count();
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }
}
