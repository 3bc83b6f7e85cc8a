package dev.fleetway.sandbox.order;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.Phase;
import dev.fleetway.api.v1alpha1.TenantStatus.Access;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The gate, the order of runs, and deletion, on any API server. */
abstract class OrderContract extends OperatorAtWork {
  OrderContract(Api api) {
    super(api);
  }

  @Test
  void aGatedCohortIsReadOnlyFromBeforeItsJobUntilItCloses() {
    fleet(5);
    accessWrites().clear();
    tenantReads().clear();
    run("v1", "[2, 3]", "gate: {mode: ReadOnly, settle: 1s}");

    Job first = jobOf("v1");
    assertThat(tenantReads()).as("a tenant that the gate reaches is news, not a doubt").isEmpty();
    assertThat(jobs().access().values())
        .as("when the Job of the first cohort exists")
        .containsExactly(
            Access.ReadOnly, Access.ReadOnly, Access.ReadWrite, Access.ReadWrite, Access.ReadWrite);
    assertThat(get("v1").getMetadata().getFinalizers()).isNotEmpty();
    jobs().succeed(first);
    Job second = nextJobOf("v1", first);
    assertThat(jobs().access().values())
        .as("when the Job of the second cohort exists")
        .containsExactly(
            Access.ReadWrite, Access.ReadWrite, Access.ReadOnly, Access.ReadOnly, Access.ReadOnly);
    jobs().succeed(second);
    untilPhase("v1", Phase.Succeeded);
    untilEverybodyIsWritable();
    patiently("the finalizer goes").until(() -> get("v1").getMetadata().getFinalizers().isEmpty());
    assertThat(accessWrites()).as("one write sets a tenant's gate, one opens it").hasSize(2 * 5);
    assertThat(finalizerWrites()).as("nothing lies between the cohorts").hasSize(2);
  }

  @Test
  void withoutAGateNoTenantIsWrittenByTheOperator() {
    fleet(2);
    accessWrites().clear();
    run("v1", "[2]", "");
    jobs().succeed(jobOf("v1"));
    untilPhase("v1", Phase.Succeeded);
    assertThat(accessWrites()).isEmpty();
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
            () -> List.copyOf(jobs().access().values()),
            List.of(Access.None, Access.ReadOnly)::equals);
    patchTenant("tenant-001", "Active");
    patiently("the gate holds").until(() -> access("tenant-001") == Access.ReadOnly);
    jobs().succeed(job);
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
    client().configMaps().inNamespace(namespace()).delete();
    untilToldToStop(job);
    assertThat(jobs().access().values()).containsOnly(Access.ReadOnly);
    jobs().end(client().resource(job).get(), false);
    untilGone("v1");
    assertThat(jobs().access().values()).containsOnly(Access.ReadWrite);
  }

  @Test
  void aRunThatIsDeletedBeforeItsJobExistsOpensItsGate() {
    fleet(2);
    run("v1", "[2]", "gate: {mode: ReadOnly, settle: 1h}");
    untilReason("v1", "Settling");
    assertThat(jobs().access().values()).containsOnly(Access.ReadOnly);
    resource("v1").delete();
    untilGone("v1");
    assertThat(jobs().access().values()).containsOnly(Access.ReadWrite);
  }

  @Test
  void aRunWithNothingAtWorkIsGoneAtOnceWhateverItsPhase() {
    fleet(2);
    String gate = "gate: {mode: ReadOnly, settle: 0s}";
    run("suspended", "[1]", gate + "\n  suspend: true");
    untilReason("suspended", "SuspendedByUser");
    goes("suspended");
    run("staggering", "[1]", gate, "stagger: 1h");
    jobs().succeed(jobOf("staggering"));
    untilReason("staggering", "WaitingForStagger");
    goes("staggering");
    run("unpromoted", "[1]", gate, "pauseAfter: 1");
    jobs().succeed(jobOf("unpromoted"));
    untilReason("unpromoted", "AwaitingPromotion");
    goes("unpromoted");
    run("aborted", "[1]", gate);
    Job job = jobOf("aborted");
    patch("aborted", "{\"spec\":{\"abort\":true}}");
    untilToldToStop(job);
    jobs().end(client().resource(job).get(), false);
    untilPhase("aborted", Phase.Aborted);
    goes("aborted");
    run("finished", "[2]", gate);
    jobs().succeed(jobOf("finished"));
    untilPhase("finished", Phase.Succeeded);
    goes("finished");
  }

  @Test
  void aRunThatIsDeletedWhileItIsInspectedDrainsTheInspection() {
    fleet(1);
    jobs().holdInspections();
    run("v1", "[1]", "");
    Job inspection =
        patiently("it is inspected")
            .until(() -> jobs().inspections(), one -> !one.isEmpty())
            .get(0);
    resource("v1").delete();
    untilToldToStop(inspection);
    assertThat(resource("v1").get()).isNotNull();
    jobs().end(client().resource(inspection).get(), false);
    untilGone("v1");
    assertThat(jobs().names()).isEmpty();
  }

  private void goes(String run) {
    resource(run).delete();
    untilGone(run);
    untilEverybodyIsWritable();
  }

  private void untilToldToStop(Job job) {
    patiently(job.getMetadata().getName() + " is told to stop")
        .until(() -> HandDrivenJobs.isToldToStop(client().resource(job).get()));
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
    assertThat(jobs().access().values()).containsOnly(Access.ReadOnly);
    jobs().succeed(job);
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
    assertThat(jobs().access().values()).containsOnly(Access.ReadOnly);
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
              List<Job> atWork = jobs().atWork();
              assertThat(
                      HandDrivenJobs.ofRun(atWork, "a").isPresent()
                          && HandDrivenJobs.ofRun(atWork, "b").isPresent())
                  .as("a and b at once")
                  .isFalse();
              if (atWork.size() >= 2 || !finished.isEmpty()) {
                atWork.forEach(jobs()::succeed);
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
  void ofTwoRunsOfTheSameSecondTheFirstByNameGoesFirstWhicheverCameFirst() {
    fleet(3);
    stopOperator();
    createInOneSecond("b", "a");
    createInOneSecond("c", "d");
    startOperator();

    Job first = jobOf("a");
    for (String other : List.of("b", "c", "d")) {
      untilReason(other, "WaitingForRun");
      assertThat(get(other).getStatus().condition("Ready").message())
          .contains("Run a goes first: 3 tenants are in both (tenant-001, tenant-002, tenant-003)");
    }
    List<String> order = new ArrayList<>(List.of("a"));
    jobs().succeed(first);
    untilPhase("a", Phase.Succeeded);
    for (String next : List.of("b", "c", "d")) {
      Job job = jobOf(next);
      assertThat(jobs().atWork()).as("behind %s", order).hasSize(1);
      jobs().succeed(job);
      untilPhase(next, Phase.Succeeded);
      order.add(next);
    }
  }

  /** Both, in this order, until the API server's clock gives them the same time. */
  private void createInOneSecond(String first, String second) {
    patiently(first + " and " + second + " are of one second")
        .until(
            () -> {
              run(first, "[3]", "");
              run(second, "[3]", "");
              if (created(first).equals(created(second))) {
                return true;
              }
              removeByForce(first);
              removeByForce(second);
              return false;
            });
  }

  private String created(String run) {
    return get(run).getMetadata().getCreationTimestamp();
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
    jobs().succeed(first);
    untilPhase("a", Phase.Suspended);
    Job other = jobOf("b");
    patch("a", "{\"spec\":{\"suspend\":false}}");
    untilReason("a", "WaitingForRun");
    resource("b").delete();
    untilToldToStop(other);
    assertThat(HandDrivenJobs.ofRun(jobs().atWork(), "a")).isEmpty();
    jobs().end(client().resource(other).get(), false);
    untilGone("b");
    assertThat(jobs().assignment(jobOf("a")).cohort()).isEqualTo(2);
  }

  @Test
  void waitsForAPromotionAfterTheFirstCohort() {
    fleet(2);
    run("v1", "[1]", "", "pauseAfter: 1");
    jobs().succeed(jobOf("v1"));
    untilReason("v1", "AwaitingPromotion");
    assertThat(phase("v1")).isEqualTo(Phase.Suspended);
    patch("v1", "{\"spec\":{\"promote\":true}}");
    jobs().succeed(jobOf("v1"));
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
    jobs().succeed(jobOf("v1"));
    untilPhase("v1", Phase.Succeeded);
  }
}
