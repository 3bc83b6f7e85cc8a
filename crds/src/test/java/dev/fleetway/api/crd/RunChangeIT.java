package dev.fleetway.api.crd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetway.api.testing.RealApiServer;
import dev.fleetway.api.v1alpha1.TenantMigrationRun;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What may change in a run that exists, and what its author hears otherwise. */
@RealApiServer
class RunChangeIT {
  private static final PatchContext MERGE = PatchContext.of(PatchType.JSON_MERGE);
  private static final AtomicInteger COUNTER = new AtomicInteger();

  private static final String FROZEN =
      "Forbidden: the field is frozen once the run exists: create a new run for other values";
  private static final String WITH_ATTEMPT =
      "Forbidden: the field may change only in the same patch that raises spec.attempt by one, once"
          + " the run is Aborted (spec.abort: true ends one that goes on) or CompletedWithFailures";
  private static final String BY_ONE =
      "spec.attempt: Forbidden: attempt rises by exactly one and never falls: set it to the present"
          + " value plus one, or leave it as it is";
  private static final String NOTHING_TO_RESUME =
      "spec.attempt: Forbidden: a run that is Succeeded or Planned has nothing left to resume: create"
          + " a new run instead";
  private static final String NOT_ENDED =
      "spec.attempt: Forbidden: the present attempt has not ended: wait with kubectl wait"
          + " --for=condition=Finished, or end it with spec.abort: true; when the run is Aborted or"
          + " CompletedWithFailures and status.attempt shows the present attempt, raise it by one";
  private static final String ABORT_WITH_ATTEMPT =
      "spec.abort: Forbidden: a new attempt would abort at once: set spec.abort to false in the same"
          + " patch that raises spec.attempt";
  private static final String ABORT_TAKEN_BACK =
      "spec.abort: Forbidden: an abort cannot be taken back: wait until the phase is Aborted, then"
          + " set spec.abort to false and raise spec.attempt by one in the same patch";

  private final KubernetesClient client;

  RunChangeIT(KubernetesClient client) {
    this.client = client;
  }

  static Stream<Arguments> frozenFields() {
    return Stream.of(
        Arguments.of("{migrations: {configMapRefs: [{name: other}]}}", "spec.migrations"),
        Arguments.of(
            "{migrations: {configMapRefs: null, image: {reference: acme/sql}}}", "spec.migrations"),
        Arguments.of("{targetVersion: '106'}", "spec.targetVersion"),
        Arguments.of("{targetVersion: null}", "spec.targetVersion"),
        Arguments.of("{tenants: {selector: {matchLabels: {tier: gold}}}}", "spec.tenants"),
        Arguments.of("{tenants: {names: [acme]}}", "spec.tenants"),
        Arguments.of("{tenants: {states: [Active]}}", "spec.tenants"),
        Arguments.of("{migrations: {placeholders: {}}}", "spec.migrations"),
        Arguments.of("{migrations: {outOfOrder: true}}", "spec.migrations"),
        Arguments.of("{migrations: {realignChecksums: ['105']}}", "spec.migrations"),
        Arguments.of("{baselineVersion: '40'}", "spec.baselineVersion"),
        Arguments.of("{rollout: {cohortSizes: [100, 200]}}", "spec.rollout.cohortSizes"),
        Arguments.of("{rollout: {first: {matchLabels: {a: b}}}}", "spec.rollout.first"),
        Arguments.of("{rollout: {orderBy: tier}}", "spec.rollout.orderBy"),
        Arguments.of("{rollout: {pauseAfter: 2}}", "spec.rollout.pauseAfter"),
        Arguments.of("{gate: {mode: ReadOnly}}", "spec.gate"),
        Arguments.of("{gate: {settle: 1m}}", "spec.gate"));
  }

  @ParameterizedTest
  @MethodSource("frozenFields")
  void refusesToChangeWhatIsFrozen(String spec, String field) {
    Resource<TenantMigrationRun> run = run(Manifest.run(name()).with("spec.targetVersion", "105"));
    assertThat(refusal(run, spec)).isEqualTo(field + ": " + FROZEN);
  }

  @ParameterizedTest
  @MethodSource("frozenFields")
  void refusesToChangeWhatIsFrozenWithANewAttemptToo(String spec, String field) {
    Resource<TenantMigrationRun> run = run(Manifest.run(name()).with("spec.targetVersion", "105"));
    status(run, "{phase: Aborted, attempt: 1}");
    assertThat(refusal(run, spec.replaceFirst("\\{", "{attempt: 2, ")))
        .isEqualTo(field + ": " + FROZEN);
  }

  @Test
  void refusesATargetVersionForARunWithoutOne() {
    assertThat(refusal(run(Manifest.run(name())), "{targetVersion: '105'}"))
        .isEqualTo("spec.targetVersion: " + FROZEN);
  }

  @Test
  void refusesToChangeTheSourceInsideAnImage() {
    Resource<TenantMigrationRun> run =
        run(Manifest.run(name()).withYaml("spec.migrations", "{image: {reference: acme/sql}}"));
    assertThat(refusal(run, "{migrations: {image: {path: /other}}}"))
        .isEqualTo("spec.migrations: " + FROZEN);
  }

  @Test
  void writingADefaultOutIsNoChange() {
    Resource<TenantMigrationRun> run = run(Manifest.run(name()));
    spec(
        run,
        """
        {mode: Apply, tenants: {names: [], states: [Active, ReadOnly]},
         rollout: {cohortSizes: [100], stagger: 0s, abortRate: 10%},
         execution: {concurrency: 3, shards: 1, maxConcurrencyPerServer: 3, tenantTimeout: 120s,
                     lockTimeout: 5s, retries: 2},
         gate: {mode: None, settle: 10s}, promote: false,
         migrations: {outOfOrder: false, realignChecksums: []}}
        """);
    assertThat(run.get().getMetadata().getGeneration()).isEqualTo(1);
  }

  static Stream<Arguments> fieldsOfAnAttempt() {
    return Stream.of(
        Arguments.of("{execution: {concurrency: 1}}", "spec.execution"),
        Arguments.of("{execution: {tenantTimeout: 10m}}", "spec.execution"),
        Arguments.of("{execution: {lockTimeout: 30s}}", "spec.execution"),
        Arguments.of("{execution: {shards: 2}}", "spec.execution"),
        Arguments.of("{execution: {maxConcurrencyPerServer: 9}}", "spec.execution"),
        Arguments.of("{execution: {retries: 0}}", "spec.execution"),
        Arguments.of("{compatibility: {codeVersion: 2.14.0}}", "spec.compatibility"),
        Arguments.of("{runner: {image: 'acme/runner:2'}}", "spec.runner"),
        Arguments.of("{runner: {resources: {limits: {memory: 1Gi}}}}", "spec.runner"),
        Arguments.of("{runner: {nodeSelector: {pool: batch}}}", "spec.runner"),
        Arguments.of("{runner: {tolerations: [{operator: Exists}]}}", "spec.runner"),
        Arguments.of("{runner: {affinity: {nodeAffinity: {}}}}", "spec.runner"),
        Arguments.of("{runner: {priorityClassName: low}}", "spec.runner"),
        Arguments.of("{runner: {imagePullSecrets: [{name: login}]}}", "spec.runner"),
        Arguments.of("{runner: {serviceAccountName: other}}", "spec.runner"),
        Arguments.of("{runner: {podLabels: {team: db}}}", "spec.runner"),
        Arguments.of("{runner: {podAnnotations: {team: db}}}", "spec.runner"),
        Arguments.of("{rollout: {stagger: 1m}}", "spec.rollout"),
        Arguments.of("{rollout: {abortRate: 20%}}", "spec.rollout"));
  }

  @ParameterizedTest
  @MethodSource("fieldsOfAnAttempt")
  void refusesToChangeTheFieldsOfAnAttemptAlone(String spec, String field) {
    Resource<TenantMigrationRun> run = run(Manifest.run(name()));
    status(run, "{phase: Aborted, attempt: 1}");
    assertThat(refusal(run, spec)).isEqualTo(field + ": " + WITH_ATTEMPT);
  }

  @ParameterizedTest
  @MethodSource("fieldsOfAnAttempt")
  void changesTheFieldsOfAnAttemptWithTheNextOne(String spec, String field) {
    Resource<TenantMigrationRun> run = run(Manifest.run(name()));
    status(run, "{phase: Aborted, attempt: 1}");
    spec(run, spec.replaceFirst("\\{", "{attempt: 2, "));
    assertThat(run.get().getSpec().attempt()).as("with %s", field).isEqualTo(2);
  }

  @Test
  void refusesToDropTheRunnerAlone() {
    Resource<TenantMigrationRun> run =
        run(Manifest.run(name()).withYaml("spec.runner", "{image: 'acme/runner:1'}"));
    assertThat(refusal(run, "{runner: null}")).isEqualTo("spec.runner: " + WITH_ATTEMPT);
    assertThat(refusal(run, "{runner: {image: 'acme/runner:2'}}"))
        .isEqualTo("spec.runner: " + WITH_ATTEMPT);
  }

  @Test
  void refusesAReservedLabelInALaterAttemptToo() {
    Resource<TenantMigrationRun> run =
        run(Manifest.run(name()).withYaml("spec.runner", "{podLabels: {team: db}}"));
    status(run, "{phase: Aborted, attempt: 1}");
    assertThat(refusal(run, "{attempt: 2, runner: {podLabels: {fleetway.dev/run: other}}}"))
        .startsWith("spec.runner.podLabels: Forbidden: labels under fleetway.dev/");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Aborted", "CompletedWithFailures"})
  void resumesWithOnePatch(String phase) {
    Resource<TenantMigrationRun> run = run(Manifest.run(name()));
    spec(run, "{abort: true}");
    status(run, "{phase: " + phase + ", attempt: 1}");
    spec(
        run,
        "{abort: false, attempt: 2, execution: {concurrency: 1}, runner: {image: 'acme/runner:2'}}");
    TenantMigrationRun resumed = run.get();
    assertThat(resumed.getSpec().attempt()).isEqualTo(2);
    assertThat(resumed.getSpec().abort()).isFalse();
    assertThat(resumed.getSpec().execution().concurrency()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "Aborted, 1, 3, raised by two",
    "Aborted, 2, 1, lowered",
    "Running, 1, 3, raised by two while it runs",
    "Succeeded, 2, 1, lowered after success",
  })
  void refusesAnAttemptThatIsNotTheNextOne(String phase, int from, int to, String description) {
    assertThat(attempt(phase, from, to)).as(description).isEqualTo(BY_ONE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Succeeded", "Planned"})
  void refusesAnAttemptWhenThereIsNothingToResume(String phase) {
    assertThat(attempt(phase, 1, 2)).isEqualTo(NOTHING_TO_RESUME);
    assertThat(attempt(phase, 1, 3)).isEqualTo(NOTHING_TO_RESUME);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Pending", "Running", "Suspended"})
  void refusesAnAttemptWhileTheRunGoesOn(String phase) {
    assertThat(attempt(phase, 1, 2)).isEqualTo(NOT_ENDED);
  }

  private String attempt(String phase, int from, int to) {
    Resource<TenantMigrationRun> run = run(Manifest.run(name()).with("spec.attempt", from));
    status(run, "{phase: " + phase + ", attempt: " + from + "}");
    return refusal(run, "{attempt: " + to + "}");
  }

  @Test
  void refusesAnAttemptBeforeTheFirstStatus() {
    assertThat(refusal(run(Manifest.run(name())), "{attempt: 2}")).isEqualTo(NOT_ENDED);
  }

  @Test
  void refusesASecondRaiseBeforeTheStatusCaughtUp() {
    Resource<TenantMigrationRun> run = run(Manifest.run(name()));
    status(run, "{phase: Aborted, attempt: 1}");
    spec(run, "{attempt: 2}");
    assertThat(refusal(run, "{attempt: 3}")).isEqualTo(NOT_ENDED);
    status(run, "{phase: Aborted, attempt: 2}");
    spec(run, "{attempt: 3}");
    assertThat(run.get().getSpec().attempt()).isEqualTo(3);
  }

  @Test
  void refusesAnAttemptThatWouldAbortAtOnce() {
    Resource<TenantMigrationRun> run = run(Manifest.run(name()));
    spec(run, "{abort: true}");
    status(run, "{phase: Aborted, attempt: 1}");
    assertThat(refusal(run, "{attempt: 2}")).isEqualTo(ABORT_WITH_ATTEMPT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Pending", "Running", "Suspended", "Aborted"})
  void refusesToTakeAnAbortBackAlone(String phase) {
    Resource<TenantMigrationRun> run = run(Manifest.run(name()));
    spec(run, "{abort: true}");
    status(run, "{phase: " + phase + ", attempt: 1}");
    assertThat(refusal(run, "{abort: false}")).isEqualTo(ABORT_TAKEN_BACK);
    // null makes the API server fill in the default, which is the same thing
    assertThat(refusal(run, "{abort: null}")).isEqualTo(ABORT_TAKEN_BACK);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Succeeded", "CompletedWithFailures", "Planned"})
  void takesAnAbortBackOnceTheRunIsFinished(String phase) {
    Resource<TenantMigrationRun> run = run(Manifest.run(name()));
    spec(run, "{abort: true}");
    status(run, "{phase: " + phase + ", attempt: 1}");
    spec(run, "{abort: false}");
    assertThat(run.get().getSpec().abort()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"Pending", "Running", "Suspended", "Succeeded", "Aborted"})
  void suspendsAndAbortsAtAnyTime(String phase) {
    Resource<TenantMigrationRun> run = run(Manifest.run(name()));
    status(run, "{phase: " + phase + ", attempt: 1}");
    spec(run, "{suspend: true}");
    spec(run, "{suspend: false, abort: true}");
    assertThat(run.get().getSpec().suspend()).isFalse();
    assertThat(run.get().getSpec().abort()).isTrue();
  }

  @Test
  void namesEveryFieldOfAPatchThatIsWrongInTwoPlaces() {
    Resource<TenantMigrationRun> run = run(Manifest.run(name()));
    assertThat(refusal(run, "{tenants: {names: [acme]}, execution: {concurrency: 9}}"))
        .isEqualTo("spec.tenants: " + FROZEN + "\nspec.execution: " + WITH_ATTEMPT);
  }

  @Test
  void refusesToPromoteWhatNeverPauses() {
    Resource<TenantMigrationRun> run = run(Manifest.run(name()));
    assertThat(refusal(run, "{promote: true}"))
        .isEqualTo(
            "spec.promote: Forbidden: there is nothing to promote without rollout.pauseAfter: leave"
                + " promote out, or create a new run with pauseAfter");
  }

  @Test
  void promotesAtAnyTimeWhatPauses() {
    Resource<TenantMigrationRun> run = run(Manifest.run(name()).with("spec.rollout.pauseAfter", 1));
    spec(run, "{promote: true}");
    assertThat(run.get().getSpec().promote()).isTrue();
    spec(run, "{promote: false}");
    assertThat(run.get().getSpec().promote()).isFalse();
  }

  private Resource<TenantMigrationRun> run(Manifest manifest) {
    Map<String, Object> spec = client.resource(manifest.build()).create().get("spec");
    assertThat(spec).isNotEmpty();
    return client
        .resources(TenantMigrationRun.class)
        .withName(manifest.build().getMetadata().getName());
  }

  private static String name() {
    return "v" + COUNTER.incrementAndGet();
  }

  private static String refusal(Resource<TenantMigrationRun> run, String spec) {
    return Refusal.of(() -> spec(run, spec));
  }

  private static void spec(Resource<TenantMigrationRun> run, String spec) {
    run.patch(MERGE, Manifest.yaml("{spec: " + spec + "}").toString());
  }

  private static void status(Resource<TenantMigrationRun> run, String status) {
    run.subresource("status").patch(MERGE, Manifest.yaml("{status: " + status + "}").toString());
  }
}
