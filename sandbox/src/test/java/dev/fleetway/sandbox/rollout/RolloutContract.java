package dev.fleetway.sandbox.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetway.api.pod.Assignment;
import dev.fleetway.api.v1alpha1.TenantMigrationRunSpec.Mode;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.CodeFloor;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.Phase;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.Totals;
import dev.fleetway.api.v1alpha1.TenantReason;
import dev.fleetway.api.v1alpha1.TenantStatus.Outcome;
import dev.fleetway.api.v1alpha1.TenantStatus.Problem;
import dev.fleetway.operator.FleetwayOperator;
import dev.fleetway.operator.OperatorSettings;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who goes when, who is refused, what stops it: on any API server. */
abstract class RolloutContract {
  private static final TenantReason VIOLATION = TenantReason.ConstraintViolation;

  private KubernetesClient client;
  private FleetwayOperator operator;
  private PlayedRun run;

  /** A client of an API server; the test closes it. */
  abstract KubernetesClient newClient();

  abstract String freshNamespace();

  @BeforeEach
  void start() {
    client = newClient();
    String namespace = freshNamespace();
    operator = FleetwayOperator.start(client, OperatorSettings.of("runner", namespace));
    run = new PlayedRun(client, namespace, "v2");
  }

  @AfterEach
  void stop() {
    operator.close();
    client.close();
  }

  @Test
  void canariesLeadTheRestIsShardedAndASecondTenantOfATargetFails() {
    run.tenant("a", "tier: silver", "pg-1", "a");
    run.tenant("b", "tier: gold", "pg-2", "b");
    run.tenant("c", "tier: silver", "pg-1", "a");
    run.tenant("d", "canary: yes-please", "pg-1", "d");
    run.start(
        """
        rollout: {first: {matchLabels: {canary: yes-please}}, orderBy: tier, cohortSizes: [1, 3], abortRate: 60%}
        execution: {shards: 16}
        """);
    run.inspected(List.of());

    Job canary = run.awaitJob("c001-a1");
    assertThat(run.assignment(canary).tenants())
        .extracting(Assignment.Member::name)
        .containsExactly("d");
    assertThat(canary.getSpec().getCompletions()).isEqualTo(1);
    succeed(canary);

    Job others = run.awaitJob("c002-a1");
    assertThat(run.assignment(others).tenants())
        .extracting(Assignment.Member::name, Assignment.Member::shard)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("b", 1),
            org.assertj.core.groups.Tuple.tuple("a", 0));
    assertThat(others.getSpec().getCompletions()).isEqualTo(2);
    assertThat(others.getSpec().getParallelism()).isEqualTo(2);
    succeed(others);

    TenantMigrationRunStatus end = run.awaitEnd("CompletedWithFailures");
    assertThat(end.totals()).isEqualTo(Totals.of(4, 0, 0, 3, 0, 1, 0));
    assertThat(run.tenant("c").getStatus().lastRun().reason())
        .isEqualTo(TenantReason.DuplicateTarget);
    assertThat(run.tenant("c").getStatus().lastRun().message()).contains("target of tenant a");
    assertThat(run.events("PlanFrozen"))
        .singleElement()
        .extracting(Event::getMessage)
        .asString()
        .contains("4 tenants in 2 cohorts", "1 have the target of another", "1 lead");
  }

  @Test
  void namesAndSizesThatMatchNothingAreSaidAndCountedAndTheRunGoesOn() {
    run.tenant("a", "", "pg-1", "a");
    run.tenant("b", "", "pg-1", "b");
    run.start(
        """
        tenants: {names: [b, gone, a]}
        rollout: {first: {matchLabels: {canary: none}}, cohortSizes: [1, 5, 50]}
        """);
    run.inspected(List.of());
    succeed(run.awaitJob("c001-a1"));
    Job second = run.awaitJob("c002-a1");
    assertThat(run.assignment(second).tenants())
        .extracting(Assignment.Member::name)
        .containsExactly("b");
    succeed(second);

    TenantMigrationRunStatus end = run.awaitEnd("AllTenantsCurrent");
    assertThat(end.totals()).isEqualTo(Totals.of(3, 0, 0, 2, 0, 0, 1));
    assertThat(end.condition("Ready").message())
        .endsWith("1 skipped. 1 of spec.tenants.names do not exist: gone.");
    assertThat(run.events("PlanFrozen"))
        .singleElement()
        .asString()
        .contains(
            "3 tenants in 2 cohorts. 1 of spec.tenants.names do not exist: gone."
                + " rollout.first matches 0 of them: nobody leads."
                + " The last 1 of rollout.cohortSizes are not reached.");
  }

  @Test
  void failuresOfTwoShardsTogetherEndTheJobAtOnceAndAbortTheRunOnce() {
    for (String tenant : List.of("a", "b", "c", "d")) {
      run.tenant(tenant, "", "a".equals(tenant) || "c".equals(tenant) ? "pg-1" : "pg-2", tenant);
    }
    run.start("rollout: {abortRate: 50%}\nexecution: {shards: 2}");
    run.inspected(List.of());
    Job job = run.awaitJob("c001-a1");
    Assignment work = run.assignment(job);
    assertThat(work.shards()).isEqualTo(2);

    run.outcome(work, "a", Outcome.Failed, VIOLATION);
    run.outcome(work, "b", Outcome.Failed, VIOLATION);
    Job told =
        run.awaitJob(
            "c001-a1", found -> Long.valueOf(1).equals(found.getSpec().getActiveDeadlineSeconds()));
    assertThat(told.getMetadata().getAnnotations())
        .containsEntry("fleetway.dev/ended-by", "AbortRateExceeded");
    // in flight when it happened
    run.outcome(work, "c", Outcome.Succeeded, null);
    run.end(told, false);

    TenantMigrationRunStatus end = run.awaitEnd("AbortRateExceeded");
    assertThat(end.phase()).isEqualTo(Phase.Aborted);
    assertThat(end.abortCount()).isEqualTo(1);
    assertThat(end.totals()).isEqualTo(Totals.of(4, 0, 0, 1, 0, 2, 1));
  }

  @Test
  void aPlanIsReportedPerTenantAndNeverAborts() {
    run.tenant("a", "", "pg-1", "a");
    run.tenant("b", "", "pg-1", "b");
    run.tenant("c", "", "pg-1", "b");
    run.start("mode: Plan\nrollout: {cohortSizes: [1, 2], abortRate: 0%, stagger: 1h}");
    run.inspected(List.of());
    Job first = run.awaitJob("c001-a1");
    Assignment work = run.assignment(first);
    assertThat(work.mode()).isEqualTo(Mode.Plan);
    run.report(work, "a", 3);
    run.end(first, true);
    // b is lost, c has the target of b
    run.end(run.awaitJob("c002-a1"), false);

    TenantMigrationRunStatus end = run.awaitEnd("PlanFoundProblems");
    assertThat(end.phase()).isEqualTo(Phase.Planned);
    assertThat(end.totals()).isEqualTo(Totals.of(3, 0, 0, 1, 0, 2, 0));
    assertThat(end.condition("Ready").message())
        .startsWith("3 tenants, head is 2: 1 have migrations pending (1 have 3)");
    assertThat(run.tenant("a").getStatus().lastRun()).isNull();
    assertThat(run.tenant("b").getStatus().lastPlan().problems())
        .extracting(Problem::reason)
        .containsExactly(TenantReason.RunnerLost);
    assertThat(run.tenant("c").getStatus().lastPlan().problems())
        .extracting(Problem::reason)
        .containsExactly(TenantReason.DuplicateTarget);
    assertThat(
            client
                .configMaps()
                .inNamespace(run.namespace())
                .withName("v2-c001-a1-result")
                .require()
                .getData()
                .get("result.json"))
        .contains("\"pending\":3");
  }

  @Test
  void codeThatIsTooOldStopsTheRunBeforeAnyJobAndNewerCodeResumesIt() {
    run.tenant("a", "", "pg-1", "a");
    run.schemaVersion("a", "1");
    run.start("compatibility: {codeVersion: 2.9.0}");
    run.inspected(List.of(new CodeFloor("2", "2.14.0")));

    TenantMigrationRunStatus aborted = run.awaitEnd("IncompatibleCodeVersion");
    assertThat(aborted.condition("Ready").message()).contains("2.14.0 or newer");
    assertThat(run.jobs()).as("the inspection alone").hasSize(1);

    run.change("{\"spec\":{\"attempt\":2,\"compatibility\":{\"codeVersion\":\"2.14.0\"}}}");
    succeed(run.awaitJob("c001-a2"));
    assertThat(run.awaitEnd("AllTenantsCurrent").abortCount()).isEqualTo(1);
  }

  @Test
  void aReasonThatComesBackIsCountedOnTheEventThatIsThereAlsoByTheNextOperator() {
    run.tenant("a", "", "pg-1", "a");
    run.start("suspend: true");
    Event first = run.awaitEvent("SuspendedByUser", 1);
    run.change("{\"spec\":{\"suspend\":false}}");
    run.awaitJob("inspect-a1");
    operator.close();
    operator = FleetwayOperator.start(client, OperatorSettings.of("runner", run.namespace()));
    run.change("{\"spec\":{\"suspend\":true}}");
    run.inspected(List.of());

    Event again = run.awaitEvent("SuspendedByUser", 2);

    assertThat(run.events("SuspendedByUser")).hasSize(1);
    assertThat(again.getMetadata().getUid()).isEqualTo(first.getMetadata().getUid());
    assertThat(again.getFirstTimestamp()).isEqualTo(first.getFirstTimestamp());
    assertThat(Instant.parse(again.getLastTimestamp()))
        .isAfter(Instant.parse(first.getLastTimestamp()));
  }

  private void succeed(Job job) {
    Assignment work = run.assignment(job);
    work.tenants().forEach(member -> run.outcome(work, member.name(), Outcome.Succeeded, null));
    run.end(job, true);
  }
}
