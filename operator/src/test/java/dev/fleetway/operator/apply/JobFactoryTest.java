package dev.fleetway.operator.apply;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetway.api.pod.Assignment;
import dev.fleetway.api.pod.PodContract;
import dev.fleetway.api.v1alpha1.Execution;
import dev.fleetway.api.v1alpha1.Migrations;
import dev.fleetway.api.v1alpha1.Migrations.ConfigMapRef;
import dev.fleetway.api.v1alpha1.Migrations.Image;
import dev.fleetway.api.v1alpha1.Migrations.Mount;
import dev.fleetway.api.v1alpha1.Runner;
import dev.fleetway.api.v1alpha1.TenantMigrationRunSpec;
import dev.fleetway.api.v1alpha1.TenantMigrationRunSpec.Mode;
import dev.fleetway.api.v1alpha1.TenantSpec.CredentialsSecretRef;
import dev.fleetway.api.v1alpha1.TenantSpec.Database;
import dev.fleetway.operator.SimulatedRun;
import dev.fleetway.operator.model.RunNames;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.PodFailurePolicyRule;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JobFactoryTest {
  private static final Migrations FROM_CONFIG_MAPS =
      new Migrations(
          null, List.of(new ConfigMapRef("one"), new ConfigMapRef("two")), null, null, null);

  private final JobFactory jobs =
      new JobFactory(
          new RunnerDefaults(
              runner("image: fleetway-runner:1\nserviceAccountName: fleetway-runner")));

  @Test
  void aCohortIsOneIndexedJobThatNeverRunsTwoPodsAtOnce() {
    Job job = cohort(spec(FROM_CONFIG_MAPS, null), 10);
    assertThat(job.getMetadata().getName()).isEqualTo("v112-c003-a2-0a1b2c");
    assertThat(job.getMetadata().getLabels())
        .containsEntry("fleetway.dev/run", "v112")
        .containsEntry("fleetway.dev/cohort", "3")
        .containsEntry("fleetway.dev/attempt", "2")
        .containsEntry("fleetway.dev/component", "cohort");
    assertThat(job.getSpec().getTemplate().getMetadata().getLabels())
        .isEqualTo(job.getMetadata().getLabels());
    assertThat(job.getSpec().getCompletionMode()).isEqualTo("Indexed");
    assertThat(job.getSpec().getPodReplacementPolicy()).isEqualTo("Failed");
    assertThat(job.getSpec().getBackoffLimitPerIndex()).isEqualTo(3);
    assertThat(pod(job).getAutomountServiceAccountToken()).isTrue();
    assertThat(pod(job).getRestartPolicy()).isEqualTo("Never");
  }

  @Test
  void theDeadlineIsAllRoundsAtTheirLongestAndTenMinutes() {
    // 10 tenants, three at a time: four rounds of 120 s
    assertThat(cohort(spec(FROM_CONFIG_MAPS, null), 10).getSpec().getActiveDeadlineSeconds())
        .isEqualTo(4 * 120 + 600);
  }

  @ParameterizedTest(
      name = "shards {0} of one letter per tenant and server, {1} at a time, {2} per server: {3}")
  @CsvSource({
    // one server: its own limit counts
    "aaaaaaaaaa, 3, 3, 4",
    "aaaaaaaaaa, 3, 1, 10",
    "aaaaaaaaaa, 3, 9, 4",
    // the largest server alone, then the others at full speed
    "aaaabb, 2, 1, 5",
    "abcdef, 3, 1, 3",
    // shards work side by side: the longest counts
    "aaaa|bb, 2, 2, 2",
    "a|bbbb, 2, 1, 4",
  })
  void theDeadlineHonoursTheLimitPerServerAndTheShards(
      String shards, int concurrency, int perServer, int rounds) {
    Assignment assignment = assignment(shards.split("\\|", -1), concurrency, perServer);
    assertThat(WorkTime.of(assignment)).isEqualTo(Duration.ofSeconds(120L * rounds));
  }

  @Test
  void oneJobHasAPodPerShardAndTheirSecretsInOneTemplate() {
    Assignment assignment = assignment(new String[] {"aa", "b", "c"}, 3, 3);
    Job job =
        jobs.cohort(
            SimulatedRun.NAMES, assignment, new OwnerReference(), spec(FROM_CONFIG_MAPS, null));
    assertThat(job.getSpec().getCompletions()).isEqualTo(3);
    assertThat(job.getSpec().getParallelism()).isEqualTo(3);
    assertThat(
            pod(job).getVolumes().stream()
                .filter(volume -> volume.getProjected() != null)
                .findFirst()
                .orElseThrow()
                .getProjected()
                .getSources())
        .hasSize(4)
        .allSatisfy(
            source ->
                assertThat(source.getSecret().getItems())
                    .extracting(KeyToPath::getKey)
                    .containsExactly("ca", "cert", "key", "password", "username"));
  }

  @Test
  void theNameOfAJobAndItsHighestIndexFitAHostName() {
    RunNames longest = new RunNames("r".repeat(40), SimulatedRun.NAMES.runUid());
    assertThat(longest.cohortJob(10_000, 9_999) + "-15").hasSizeLessThanOrEqualTo(63);
  }

  @Test
  void thePolicyIgnoresDisruptionsAndInterruptionsAndFailsOnPermanentErrors() {
    List<PodFailurePolicyRule> rules =
        cohort(spec(FROM_CONFIG_MAPS, null), 1).getSpec().getPodFailurePolicy().getRules();
    assertThat(rules).hasSize(3);
    assertThat(rules.get(0).getOnPodConditions().get(0).getType()).isEqualTo("DisruptionTarget");
    assertThat(rules.get(1).getOnExitCodes().getValues())
        .containsExactly(PodContract.EXIT_INTERRUPTED);
    assertThat(rules.get(2).getAction()).isEqualTo("FailJob");
    assertThat(rules.get(2).getOnExitCodes().getValues())
        .containsExactly(PodContract.EXIT_PERMANENT);
  }

  @Test
  void thePodPassesTheRestrictedPodSecurityStandard() {
    for (Job job : List.of(cohort(spec(copied(), null), 1), inspection(spec(copied(), null)))) {
      PodSpec pod = pod(job);
      assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
      assertThat(pod.getSecurityContext().getSeccompProfile().getType())
          .isEqualTo("RuntimeDefault");
      for (List<Container> containers : List.of(pod.getContainers(), pod.getInitContainers())) {
        assertThat(containers)
            .isNotEmpty()
            .allSatisfy(
                c -> {
                  assertThat(c.getSecurityContext().getAllowPrivilegeEscalation()).isFalse();
                  assertThat(c.getSecurityContext().getReadOnlyRootFilesystem()).isTrue();
                  assertThat(c.getSecurityContext().getCapabilities().getDrop())
                      .containsExactly("ALL");
                });
      }
    }
  }

  @Test
  void eachConfigMapHasADirectoryOfItsOwn() {
    Job job = inspection(spec(FROM_CONFIG_MAPS, null));
    assertThat(runner(job).getVolumeMounts())
        .extracting(VolumeMount::getMountPath)
        .containsExactly("/fleetway/bundle/0", "/fleetway/bundle/1", "/tmp");
    assertThat(pod(job).getAutomountServiceAccountToken()).isFalse();
  }

  @Test
  void aBundleImageIsCopiedByItsOwnInitContainer() {
    PodSpec pod = pod(cohort(spec(copied(), null), 1));
    Container init = pod.getInitContainers().get(0);
    assertThat(init.getImage()).isEqualTo("acme/migrations@sha256:1");
    assertThat(init.getCommand()).containsExactly("cp", "-r", "/sql/.", "/fleetway/bundle");
    assertThat(pod.getContainers().get(0).getImage()).isEqualTo("fleetway-runner:1");
  }

  @Test
  void aRunnerImageWithTheScriptsInItIsTheContainerItself() {
    Job job =
        cohort(
            spec(
                new Migrations(
                    new Image("acme/runner:1", "/sql", Mount.Runner), null, null, null, null),
                null),
            1);
    assertThat(pod(job).getInitContainers()).isEmpty();
    assertThat(runner(job).getImage()).isEqualTo("acme/runner:1");
    assertThat(runner(job).getEnv())
        .extracting(EnvVar::getName, EnvVar::getValue)
        .contains(org.assertj.core.groups.Tuple.tuple(PodContract.ENV_BUNDLE, "/sql"));
  }

  @Test
  void aRunMayNameTheRunnerImage() {
    Job job = cohort(spec(FROM_CONFIG_MAPS, Runner.ofImage("mirror/runner:2")), 1);
    assertThat(runner(job).getImage()).isEqualTo("mirror/runner:2");
  }

  @Test
  void bothJobsTakeEveryFieldOfTheRunner() {
    TenantMigrationRunSpec spec =
        spec(
            FROM_CONFIG_MAPS,
            runner(
                """
                image: mirror/runner:2
                resources: {limits: {memory: 1Gi}}
                nodeSelector: {pool: batch}
                tolerations: [{key: batch, operator: Exists, effect: NoSchedule}]
                affinity:
                  podAffinity:
                    requiredDuringSchedulingIgnoredDuringExecution:
                      - {topologyKey: zone, labelSelector: {matchLabels: {app: postgres}}}
                priorityClassName: low
                imagePullSecrets: [{name: mirror-login}]
                serviceAccountName: team-runner
                podLabels: {cost-center: db}
                podAnnotations: {sidecar.istio.io/inject: "false"}
                """));

    for (Job job : List.of(cohort(spec, 1), inspection(spec))) {
      PodSpec pod = pod(job);
      assertThat(runner(job).getImage()).isEqualTo("mirror/runner:2");
      assertThat(runner(job).getResources()).isEqualTo(spec.runner().resources());
      assertThat(pod.getNodeSelector()).isEqualTo(Map.of("pool", "batch"));
      assertThat(pod.getTolerations()).isEqualTo(spec.runner().tolerations()).hasSize(1);
      assertThat(pod.getAffinity()).isEqualTo(spec.runner().affinity()).isNotNull();
      assertThat(pod.getPriorityClassName()).isEqualTo("low");
      assertThat(pod.getImagePullSecrets())
          .containsExactly(new LocalObjectReference("mirror-login"));
      assertThat(pod.getServiceAccountName()).isEqualTo("team-runner");
      assertThat(job.getSpec().getTemplate().getMetadata().getAnnotations())
          .isEqualTo(Map.of("sidecar.istio.io/inject", "false"));
      assertThat(job.getSpec().getTemplate().getMetadata().getLabels())
          .containsEntry("cost-center", "db")
          .containsAllEntriesOf(job.getMetadata().getLabels());
      assertThat(job.getMetadata().getLabels()).doesNotContainKey("cost-center");
    }
  }

  @Test
  void whatARunDoesNotChooseIsAsInstalledAndLabelsAndAnnotationsAreJoined() {
    Runner installed =
        runner(
            """
            image: installed:1
            serviceAccountName: installed
            nodeSelector: {pool: a, arch: amd64}
            tolerations: [{key: a}]
            imagePullSecrets: [{name: a}]
            priorityClassName: low
            podLabels: {team: platform, zone: a, fleetway.dev/run: nonsense}
            podAnnotations: {a: "1", b: "1"}
            """);
    Job job =
        new JobFactory(new RunnerDefaults(installed))
            .inspection(
                SimulatedRun.NAMES,
                SimulatedRun.NAMESPACE,
                new OwnerReference(),
                1,
                spec(
                    FROM_CONFIG_MAPS,
                    runner(
                        """
                        nodeSelector: {pool: b}
                        podLabels: {team: b}
                        podAnnotations: {b: "2"}
                        """)));

    assertThat(runner(job).getImage()).isEqualTo("installed:1");
    assertThat(pod(job).getServiceAccountName()).isEqualTo("installed");
    assertThat(pod(job).getNodeSelector()).isEqualTo(Map.of("pool", "b"));
    assertThat(pod(job).getTolerations()).isEqualTo(installed.tolerations());
    assertThat(pod(job).getImagePullSecrets()).containsExactly(new LocalObjectReference("a"));
    assertThat(pod(job).getPriorityClassName()).isEqualTo("low");
    assertThat(job.getSpec().getTemplate().getMetadata().getLabels())
        .containsEntry("team", "b")
        .containsEntry("zone", "a")
        .containsEntry("fleetway.dev/run", SimulatedRun.NAMES.run());
    assertThat(job.getSpec().getTemplate().getMetadata().getAnnotations())
        .isEqualTo(Map.of("a", "1", "b", "2"));
  }

  @Test
  void thePodGetsTheCredentialsOfItsOwnCohortAndAMissingSecretDoesNotStopIt() {
    var sources =
        pod(cohort(spec(FROM_CONFIG_MAPS, null), 2)).getVolumes().stream()
            .filter(volume -> volume.getProjected() != null)
            .findFirst()
            .orElseThrow()
            .getProjected()
            .getSources();
    assertThat(sources).hasSize(2).allMatch(source -> source.getSecret().getOptional());
    assertThat(sources.get(0).getSecret().getItems())
        .extracting(KeyToPath::getPath)
        .containsExactly("t001-db/password", "t001-db/username");
    assertThat(sources.get(1).getSecret().getItems())
        .extracting(KeyToPath::getPath)
        .containsExactly(
            "t002-db/ca", "t002-db/crt", "t002-db/key", "t002-db/password", "t002-db/username");
  }

  /** One text per shard, one letter per tenant: its server. */
  private static Assignment assignment(String[] shards, int concurrency, int perServer) {
    List<Assignment.Member> members = new ArrayList<>();
    for (int shard = 0; shard < shards.length; shard++) {
      for (char server : shards[shard].toCharArray()) {
        String name = SimulatedRun.name(members.size() + 1);
        members.add(
            new Assignment.Member(
                name,
                "uid-" + name,
                shard,
                new Database(
                    "pg-" + server,
                    null,
                    name,
                    null,
                    null,
                    null,
                    null,
                    new CredentialsSecretRef(name + "-db", null, null, "ca", "cert", "key"))));
      }
    }
    return new Assignment(
        SimulatedRun.NAMESPACE,
        SimulatedRun.NAMES.run(),
        SimulatedRun.NAMES.runUid(),
        2,
        3,
        Mode.Apply,
        Assignment.Migrations.upTo(SimulatedRun.DIGEST, "112"),
        new Assignment.Limits(concurrency, perServer, 120_000, 5_000, 2, 1),
        members,
        List.of());
  }

  private Job cohort(TenantMigrationRunSpec spec, int tenants) {
    List<Assignment.Member> members =
        IntStream.rangeClosed(1, tenants)
            .mapToObj(SimulatedRun::name)
            .map(
                name ->
                    new Assignment.Member(
                        name,
                        "uid-" + name,
                        0,
                        new Database(
                            "pg-1",
                            null,
                            name,
                            null,
                            null,
                            null,
                            null,
                            name.equals("t002")
                                ? new CredentialsSecretRef(
                                    name + "-db", null, null, "ca", "crt", "key")
                                : new CredentialsSecretRef(
                                    name + "-db", null, null, null, null, null))))
            .toList();
    Assignment assignment =
        new Assignment(
            SimulatedRun.NAMESPACE,
            SimulatedRun.NAMES.run(),
            SimulatedRun.NAMES.runUid(),
            2,
            3,
            Mode.Apply,
            Assignment.Migrations.upTo(SimulatedRun.DIGEST, "112"),
            new Assignment.Limits(3, 3, 120_000, 5_000, 2, 1),
            members,
            List.of());
    return jobs.cohort(SimulatedRun.NAMES, assignment, new OwnerReference(), spec);
  }

  private Job inspection(TenantMigrationRunSpec spec) {
    return jobs.inspection(
        SimulatedRun.NAMES, SimulatedRun.NAMESPACE, new OwnerReference(), 1, spec);
  }

  private static TenantMigrationRunSpec spec(Migrations migrations, Runner runner) {
    return new TenantMigrationRunSpec(
        null,
        migrations,
        null,
        null,
        null,
        null,
        new Execution(3, 1, 3, "120s", "5s", 2),
        null,
        null,
        runner,
        null,
        null,
        null,
        null);
  }

  private static Runner runner(String yaml) {
    return Serialization.unmarshal(yaml, Runner.class);
  }

  private static Migrations copied() {
    return new Migrations(
        new Image("acme/migrations@sha256:1", "/sql", Mount.Copy), null, null, null, null);
  }

  private static PodSpec pod(Job job) {
    return job.getSpec().getTemplate().getSpec();
  }

  private static Container runner(Job job) {
    return pod(job).getContainers().get(0);
  }
}
