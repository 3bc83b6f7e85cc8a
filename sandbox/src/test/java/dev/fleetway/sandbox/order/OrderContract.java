package dev.fleetway.sandbox.order;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.Phase;
import dev.fleetway.api.v1alpha1.TenantStatus.Access;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The gate, the order of runs, and deletion, on any API server. */
abstract class OrderContract extends OperatorAtWork {
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
    patiently("the Job is told to stop")
        .until(() -> HandDrivenJobs.isToldToStop(client().resource(job).get()));
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
    patiently("b is told to stop")
        .until(() -> HandDrivenJobs.isToldToStop(client().resource(other).get()));
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
