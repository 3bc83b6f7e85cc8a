package dev.fleetway.sandbox.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobStatus;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What Jobs of the operator's shape become. Runs against every API endpoint, so that the status of
 * Jobs and Pods passes the validation of a real one. The "runner" is a shell.
 */
abstract class LocalJobsContract {
  private static final String IMAGE = "example.test/runner:1";

  @TempDir Path directory;
  private KubernetesClient client;
  private LocalJobs jobs;

  /** A client whose namespace belongs to this class. */
  abstract KubernetesClient client();

  @BeforeEach
  void startExecutor() {
    client = client();
    jobs =
        LocalJobs.start(
            client,
            new LocalJobsSettings(
                IMAGE,
                List.of("/bin/sh", "-c"),
                "kubeconfig of the pod",
                directory.resolve("pods"),
                directory.resolve("logs"),
                Duration.ofMillis(50)));
  }

  @AfterEach
  void stopExecutor() {
    jobs.close();
    client.batch().v1().jobs().delete();
    client.pods().withGracePeriod(0).delete();
  }

  @Test
  void runsTheContainerWithItsMountsAndEnvironmentAndReportsItsEnd() {
    client
        .resource(
            new ConfigMapBuilder()
                .withNewMetadata()
                .withName("scripts")
                .endMetadata()
                .addToData("V1__a.sql", "select 1")
                .build())
        .createOr(resource -> resource.update());
    client
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withName("acme-db")
                .endMetadata()
                .addToStringData("username", "acme")
                .build())
        .createOr(resource -> resource.update());
    create(
        "mounts",
        """
        cat "$BUNDLE/0/V1__a.sql" > "$MESSAGE"; cat "$CREDENTIALS/acme-db/username" >> "$MESSAGE"
        ls "$CREDENTIALS" >> "$MESSAGE"; cat "$KUBECONFIG" >> "$MESSAGE"
        """,
        IMAGE);

    JobStatus status = awaitEnd("mounts");

    assertThat(conditions(status)).containsExactly("SuccessCriteriaMet", "Complete");
    assertThat(status.getSucceeded()).isEqualTo(1);
    assertThat(status.getCompletedIndexes()).isEqualTo("0");
    assertThat(status.getCompletionTime()).isNotNull();
    ContainerStatus container = onlyContainer("mounts");
    assertThat(container.getState().getTerminated().getExitCode()).isZero();
    assertThat(container.getState().getTerminated().getMessage())
        .contains("select 1")
        .contains("acme")
        .contains("kubeconfig of the pod")
        .doesNotContain("absent-db");
  }

  @Test
  void failsTheJobAtOnceWhenTheContainerExitsWith42() {
    create("permanent", "exit 42", IMAGE);

    JobStatus status = awaitEnd("permanent");

    assertThat(conditions(status)).containsExactly("FailureTarget", "Failed");
    assertThat(status.getConditions().get(1).getReason()).isEqualTo("PodFailurePolicy");
    assertThat(status.getConditions().get(1).getMessage()).contains("exit code 42");
    assertThat(status.getFailed()).isEqualTo(1);
  }

  @Test
  void givesUpOnAnIndexWhenItsTriesAreUsedUp() {
    create("tries", "exit 1", IMAGE);

    JobStatus status = awaitEnd("tries");

    assertThat(status.getConditions().get(1).getReason()).isEqualTo("FailedIndexes");
    assertThat(status.getFailedIndexes()).isEqualTo("0");
    assertThat(status.getFailed()).isEqualTo(3);
    assertThat(pods("tries")).hasSize(3);
  }

  @Test
  void replacesAnInterruptedPodWithoutCountingIt() {
    Path mark = directory.resolve("mark");
    create("again", "test -e " + mark + " && exit 0; touch " + mark + "; exit 75", IMAGE);

    JobStatus status = awaitEnd("again");

    assertThat(conditions(status)).contains("Complete");
    assertThat(status.getFailed()).isNull();
    assertThat(pods("again")).hasSize(2);
  }

  @Test
  void endsAJobEarlyWhenItsDeadlineIsPatched() {
    Path mark = directory.resolve("terminated");
    create("deadline", "trap 'touch " + mark + "; exit 75' TERM; sleep 60 & wait", IMAGE);
    awaitRunning("deadline");

    job("deadline")
        .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\":{\"activeDeadlineSeconds\":1}}");
    JobStatus status = awaitEnd("deadline");

    assertThat(conditions(status)).containsExactly("FailureTarget", "Failed");
    assertThat(status.getConditions().get(1).getReason()).isEqualTo("DeadlineExceeded");
    assertThat(mark).exists();
    await().untilAsserted(() -> assertThat(pods("deadline")).isEmpty());
  }

  @Test
  void drainsThePodsOfADeletedJob() {
    Path mark = directory.resolve("drained");
    create("deleted", "trap 'touch " + mark + "; exit 75' TERM; sleep 60 & wait", IMAGE);
    awaitRunning("deleted");

    job("deleted").delete();

    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> assertThat(pods("deleted")).isEmpty());
    assertThat(mark).exists();
  }

  @Test
  void startsAReplacementForADeletedPod() {
    Path mark = directory.resolve("first");
    create(
        "replaced",
        "test -e " + mark + " && exit 0; touch " + mark + "; trap 'exit 75' TERM; sleep 60 & wait",
        IMAGE);
    awaitRunning("replaced");

    client.resource(pods("replaced").get(0)).delete();

    assertThat(conditions(awaitEnd("replaced"))).contains("Complete");
  }

  @Test
  void cannotPullAnyImageButTheRunners() {
    create("foreign", "exit 0", "example.test/other:1");

    await()
        .untilAsserted(
            () ->
                assertThat(onlyContainer("foreign").getState().getWaiting().getReason())
                    .isEqualTo("ImagePullBackOff"));
    assertThat(onlyContainer("foreign").getState().getWaiting().getMessage())
        .contains("no container runtime");
  }

  @Test
  void waitsForAMissingConfigMapAndSaysSo() {
    client.configMaps().withName("scripts").delete();
    create("waiting", "exit 0", IMAGE);
    await()
        .untilAsserted(
            () ->
                assertThat(client.v1().events().list().getItems())
                    .anySatisfy(
                        event -> {
                          assertThat(event.getReason()).isEqualTo("FailedMount");
                          assertThat(event.getMessage()).contains("\"scripts\" not found");
                        }));

    client
        .resource(
            new ConfigMapBuilder().withNewMetadata().withName("scripts").endMetadata().build())
        .create();

    assertThat(conditions(awaitEnd("waiting"))).contains("Complete");
  }

  private void create(String name, String script, String image) {
    Job job =
        Serialization.unmarshal(
            """
            apiVersion: batch/v1
            kind: Job
            metadata: {name: NAME}
            spec:
              completionMode: Indexed
              completions: 1
              parallelism: 1
              backoffLimitPerIndex: 2
              podReplacementPolicy: Failed
              activeDeadlineSeconds: 600
              podFailurePolicy:
                rules:
                - {action: Ignore, onPodConditions: [{type: DisruptionTarget, status: "True"}]}
                - {action: Ignore, onExitCodes: {containerName: runner, operator: In, values: [75]}}
                - {action: FailJob, onExitCodes: {containerName: runner, operator: In, values: [42]}}
              template:
                spec:
                  restartPolicy: Never
                  terminationGracePeriodSeconds: 10
                  containers:
                  - name: runner
                    image: IMAGE
                    env:
                    - {name: BUNDLE, value: /fleetway/bundle}
                    - {name: CREDENTIALS, value: /fleetway/credentials}
                    - {name: MESSAGE, value: /dev/termination-log}
                    volumeMounts:
                    - {name: bundle-0, mountPath: /fleetway/bundle/0}
                    - {name: credentials, mountPath: /fleetway/credentials}
                    - {name: tmp, mountPath: /tmp}
                  volumes:
                  - name: bundle-0
                    configMap: {name: scripts}
                  - name: credentials
                    projected:
                      sources:
                      - secret:
                          name: acme-db
                          optional: true
                          items: [{key: username, path: acme-db/username}]
                      - secret:
                          name: absent-db
                          optional: true
                          items: [{key: username, path: absent-db/username}]
                  - name: tmp
                    emptyDir: {}
            """
                .replace("NAME", name)
                .replace("IMAGE", image),
            Job.class);
    job.getSpec().getTemplate().getSpec().getContainers().get(0).setArgs(List.of(script));
    if (client.configMaps().withName("scripts").get() == null && !name.equals("waiting")) {
      client
          .resource(
              new ConfigMapBuilder().withNewMetadata().withName("scripts").endMetadata().build())
          .create();
    }
    client.resource(job).create();
  }

  private io.fabric8.kubernetes.client.dsl.ScalableResource<Job> job(String name) {
    return client.batch().v1().jobs().withName(name);
  }

  private JobStatus awaitEnd(String name) {
    return await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () -> job(name).get().getStatus(),
            status ->
                status != null
                    && status.getConditions().stream()
                        .anyMatch(c -> List.of("Complete", "Failed").contains(c.getType())));
  }

  private void awaitRunning(String name) {
    await()
        .atMost(Duration.ofSeconds(20))
        .until(
            () ->
                pods(name).stream().anyMatch(pod -> "Running".equals(pod.getStatus().getPhase())));
  }

  private List<Pod> pods(String job) {
    return client.pods().withLabel("batch.kubernetes.io/job-name", job).list().getItems();
  }

  private ContainerStatus onlyContainer(String job) {
    List<ContainerStatus> containers =
        pods(job).stream().flatMap(pod -> pod.getStatus().getContainerStatuses().stream()).toList();
    // None as long as nothing is said of the new pod: an assertion can wait for more.
    assertThat(containers).hasSize(1);
    return containers.get(0);
  }

  private static List<String> conditions(JobStatus status) {
    return status.getConditions().stream().map(condition -> condition.getType()).toList();
  }
}
