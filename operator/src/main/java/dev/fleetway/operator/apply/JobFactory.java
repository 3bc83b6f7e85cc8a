package dev.fleetway.operator.apply;

import dev.fleetway.api.pod.Assignment;
import dev.fleetway.api.pod.PodContract;
import dev.fleetway.api.v1alpha1.Runner;
import dev.fleetway.api.v1alpha1.TenantMigrationRunSpec;
import dev.fleetway.operator.model.RunNames;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.SecurityContextBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.PodFailurePolicy;
import io.fabric8.kubernetes.api.model.batch.v1.PodFailurePolicyBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Builds the Jobs of a run. Pure. */
final class JobFactory {
  private static final String RUNNER = "runner";
  private static final String TERMINATION_LOG = "/dev/termination-log";
  private static final long RUNNER_UID = 65532;
  private static final long INSPECTION_DEADLINE_SECONDS = 300;
  private static final Duration DEADLINE_SLACK = Duration.ofMinutes(10);
  private static final long MOST_GRACE_SECONDS = 600;
  private static final long LEAST_GRACE_SECONDS = 30;
  private static final int RETRIES_PER_INDEX = 3;

  private final RunnerDefaults defaults;

  JobFactory(RunnerDefaults defaults) {
    this.defaults = defaults;
  }

  /** Reads the bundle and reports; talks to nobody, so it gets no token. */
  Job inspection(
      RunNames names,
      String namespace,
      OwnerReference owner,
      int attempt,
      TenantMigrationRunSpec spec) {
    BundleSource bundle = BundleSource.of(spec.migrations());
    List<EnvVar> env = new ArrayList<>();
    env.add(env(PodContract.ENV_BUNDLE, bundle.directory()));
    env.add(env(PodContract.ENV_TERMINATION_MESSAGE, TERMINATION_LOG));
    if (spec.targetVersion() != null) {
      env.add(env(PodContract.ENV_TARGET_VERSION, spec.targetVersion()));
    }
    PodSpec pod =
        pod(spec, bundle, PodContract.COMMAND_INSPECT, env, List.of())
            .edit()
            // It has an account all the same: that brings the pull secrets of a private registry.
            .withAutomountServiceAccountToken(false)
            .build();
    return job(
        names.inspectJob(attempt),
        namespace,
        owner,
        labels(names, RunNames.INSPECT, attempt),
        INSPECTION_DEADLINE_SECONDS,
        1,
        defaults.of(spec),
        pod);
  }

  /** Migrates the tenants of an assignment, or reports on them: one pod per shard. */
  Job cohort(
      RunNames names, Assignment assignment, OwnerReference owner, TenantMigrationRunSpec spec) {
    BundleSource bundle = BundleSource.of(spec.migrations());
    String name = names.cohortJob(assignment.cohort(), assignment.attempt());
    CohortVolumes volumes = new CohortVolumes(name, assignment);
    long grace = grace(spec);
    List<EnvVar> env =
        List.of(
            env(PodContract.ENV_ASSIGNMENT, CohortVolumes.ASSIGNMENT_FILE),
            env(PodContract.ENV_BUNDLE, bundle.directory()),
            env(PodContract.ENV_CREDENTIALS, CohortVolumes.CREDENTIALS),
            env(PodContract.ENV_TERMINATION_MESSAGE, TERMINATION_LOG),
            env(PodContract.ENV_GRACE_SECONDS, Long.toString(grace)));
    PodSpec pod =
        pod(spec, bundle, PodContract.COMMAND_RUN, env, volumes.mounts())
            .edit()
            .addAllToVolumes(volumes.volumes())
            // Said by the pod: no other pod of that account gets a token by accident.
            .withAutomountServiceAccountToken(true)
            .withTerminationGracePeriodSeconds(grace)
            .build();
    return job(
        name,
        assignment.namespace(),
        owner,
        cohortLabels(names, assignment),
        WorkTime.of(assignment).plus(DEADLINE_SLACK).toSeconds(),
        assignment.shards(),
        defaults.of(spec),
        pod);
  }

  private static long grace(TenantMigrationRunSpec spec) {
    long tenant = spec.execution().tenantTime().toSeconds();
    return Math.max(LEAST_GRACE_SECONDS, Math.min(tenant, MOST_GRACE_SECONDS));
  }

  private PodSpec pod(
      TenantMigrationRunSpec spec,
      BundleSource bundle,
      String command,
      List<EnvVar> env,
      List<VolumeMount> mounts) {
    Runner runner = defaults.of(spec);
    return new PodSpecBuilder()
        .withRestartPolicy("Never")
        .withEnableServiceLinks(false)
        .withServiceAccountName(runner.serviceAccountName())
        .withImagePullSecrets(
            runner.imagePullSecrets().stream()
                .map(secret -> new LocalObjectReference(secret.name()))
                .toList())
        .withPriorityClassName(runner.priorityClassName())
        .withNodeSelector(runner.nodeSelector())
        .withTolerations(runner.tolerations())
        .withAffinity(runner.affinity())
        .withNewSecurityContext()
        .withRunAsNonRoot(true)
        .withRunAsUser(RUNNER_UID)
        .withRunAsGroup(RUNNER_UID)
        .withFsGroup(RUNNER_UID)
        .withNewSeccompProfile()
        .withType("RuntimeDefault")
        .endSeccompProfile()
        .endSecurityContext()
        .addAllToInitContainers(
            bundle.initContainers().stream()
                .map(c -> c.edit().withSecurityContext(restricted()).build())
                .toList())
        .withContainers(
            new ContainerBuilder()
                .withName(RUNNER)
                .withImage(bundle.runnerImage().orElse(runner.image()))
                .withArgs(command)
                .withEnv(env)
                .withResources(runner.resources())
                .withSecurityContext(restricted())
                .withTerminationMessagePath(TERMINATION_LOG)
                .addAllToVolumeMounts(bundle.mounts())
                .addAllToVolumeMounts(mounts)
                .addNewVolumeMount()
                .withName("tmp")
                .withMountPath("/tmp")
                .endVolumeMount()
                .build())
        .addAllToVolumes(bundle.volumes())
        .addNewVolume()
        .withName("tmp")
        .withNewEmptyDir()
        .endEmptyDir()
        .endVolume()
        .build();
  }

  private static SecurityContext restricted() {
    return new SecurityContextBuilder()
        .withAllowPrivilegeEscalation(false)
        .withReadOnlyRootFilesystem(true)
        .withNewCapabilities()
        .withDrop("ALL")
        .endCapabilities()
        .build();
  }

  private static Job job(
      String name,
      String namespace,
      OwnerReference owner,
      Map<String, String> labels,
      long deadlineSeconds,
      int pods,
      Runner runner,
      PodSpec pod) {
    return new JobBuilder()
        .withNewMetadata()
        .withName(name)
        .withNamespace(namespace)
        .withLabels(labels)
        .withOwnerReferences(owner)
        .endMetadata()
        .withNewSpec()
        .withCompletionMode("Indexed")
        .withCompletions(pods)
        .withParallelism(pods)
        .withBackoffLimitPerIndex(RETRIES_PER_INDEX)
        // No two pods of one index at a time: a tenant is migrated by one pod.
        .withPodReplacementPolicy("Failed")
        .withPodFailurePolicy(failurePolicy(!pod.getInitContainers().isEmpty()))
        .withActiveDeadlineSeconds(deadlineSeconds)
        .withNewTemplate()
        .withMetadata(podMetadata(runner, labels))
        .withSpec(pod)
        .endTemplate()
        .endSpec()
        .build();
  }

  /**
   * The operator's own labels last: what finds a pod is not for a default of the chart to change.
   */
  private static ObjectMeta podMetadata(Runner runner, Map<String, String> own) {
    return new ObjectMetaBuilder()
        .withLabels(runner.podLabels())
        .addToLabels(own)
        .withAnnotations(runner.podAnnotations())
        .build();
  }

  /** The order counts: the first rule that matches decides. */
  private static PodFailurePolicy failurePolicy(boolean hasInitContainer) {
    PodFailurePolicyBuilder policy =
        new PodFailurePolicyBuilder()
            .addNewRule()
            .withAction("Ignore")
            .addNewOnPodCondition("True", "DisruptionTarget")
            .endRule()
            .addNewRule()
            .withAction("Ignore")
            .withNewOnExitCodes()
            .withContainerName(RUNNER)
            .withOperator("In")
            .withValues(PodContract.EXIT_INTERRUPTED)
            .endOnExitCodes()
            .endRule()
            .addNewRule()
            .withAction("FailJob")
            .withNewOnExitCodes()
            .withContainerName(RUNNER)
            .withOperator("In")
            .withValues(PodContract.EXIT_PERMANENT)
            .endOnExitCodes()
            .endRule();
    if (hasInitContainer) {
      policy
          .addNewRule()
          .withAction("FailJob")
          .withNewOnExitCodes()
          .withContainerName(BundleSource.INIT_CONTAINER)
          .withOperator("NotIn")
          .withValues(0)
          .endOnExitCodes()
          .endRule();
    }
    return policy.build();
  }

  private static Map<String, String> labels(RunNames names, String component, int attempt) {
    Map<String, String> labels = new HashMap<>(RunNames.MANAGED);
    labels.put(RunNames.RUN_LABEL, names.run());
    labels.put(RunNames.RUN_UID_LABEL, names.runUid());
    labels.put(RunNames.COMPONENT_LABEL, component);
    labels.put(RunNames.ATTEMPT_LABEL, Integer.toString(attempt));
    return labels;
  }

  private static Map<String, String> cohortLabels(RunNames names, Assignment assignment) {
    Map<String, String> labels = labels(names, RunNames.COHORT, assignment.attempt());
    labels.put(RunNames.COHORT_LABEL, Integer.toString(assignment.cohort()));
    return labels;
  }

  private static EnvVar env(String name, String value) {
    return new EnvVar(name, value, null);
  }
}
