package dev.fleetway.sandbox.order;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetway.api.pod.Assignment;
import dev.fleetway.api.testing.ApiServer;
import dev.fleetway.api.testing.RealApiServer;
import dev.fleetway.api.v1alpha1.Tenant;
import dev.fleetway.api.v1alpha1.TenantMigrationRun;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.Phase;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What people delete, move and restore while a run is at work. */
@RealApiServer
class ChurnIT extends OperatorAtWork {
  ChurnIT(ApiServer server) {
    super(Api.of(server, "churn"));
  }

  @Test
  void aTenantIsMigratedWhereItsCohortFindsIt() {
    fleet(3);
    run("v1", "[1]", "");
    Job first = jobOf("v1");
    move("tenant-001", "new-1.example.com");
    move("tenant-002", "new-2.example.com");
    assertThat(hostOf(first)).as("moved during its cohort").isEqualTo("db.example.com");
    jobs().succeed(first);
    Job second = nextJobOf("v1", first);
    assertThat(hostOf(second)).as("moved before its cohort").isEqualTo("new-2.example.com");
    jobs().succeed(second);
    Job third = nextJobOf("v1", second);
    move("tenant-002", "new-3.example.com");
    jobs().succeed(third);
    untilPhase("v1", Phase.Succeeded);
    assertThat(jobs().names()).as("moved after its cohort: nothing runs again").hasSize(3);
    run("v2", "[3]", "");
    assertThat(jobs().assignment(jobOf("v2")).tenants())
        .as("a new run migrates them where they are")
        .extracting(member -> member.database().host())
        .containsExactly("new-1.example.com", "new-3.example.com", "db.example.com");
  }

  @Test
  void tenantsThatGoComeBackOrAreSuspendedAreSkippedAndWhoIsNewIsNotInThePlan() {
    fleet(9);
    run(
        "v1",
        "[3]",
        "tenants: {selector: {matchExpressions: [{key: out, operator: DoesNotExist}]}}",
        "abortRate: 0%");
    Job first = jobOf("v1");
    tenant("tenant-001").delete();
    createAgain("tenant-002");
    createAgain("tenant-004");
    tenant("tenant-005").delete();
    Tenant unused =
        tenant("tenant-006")
            .patch(
                PatchContext.of(PatchType.JSON_MERGE),
                "{\"metadata\":{\"labels\":{\"out\":\"of-the-selection\"}}}");
    create("tenant-000", tenant("tenant-009").require());
    // the last of these changes: who has seen it has seen them all
    suspend("tenant-003");
    jobs().migrate(first, "tenant-003");
    jobs().end(first, true);

    Job second = nextJobOf("v1", first);
    assertThat(whom(second)).containsExactly("tenant-006");
    suspend("tenant-007");
    jobs().succeed(second);
    Job third = nextJobOf("v1", second);
    assertThat(whom(third)).containsExactly("tenant-008", "tenant-009");
    tenant("tenant-006").delete();
    suspend("tenant-008");
    jobs().succeed(third);
    untilPhase("v1", Phase.Succeeded);

    assertThat(get("v1").getStatus().totals())
        .isEqualTo(TenantMigrationRunStatus.Totals.of(9, 0, 0, 4, 0, 0, 5));
    assertThat(get("v1").getStatus().cohorts())
        .extracting(cohort -> cohort.succeeded() + " of " + cohort.size())
        .containsExactly("1 of 3", "1 of 3", "2 of 3");
    assertThat(List.of(lastRun("tenant-000"), lastRun("tenant-002"), lastRun("tenant-004")))
        .as("who is new, and a namesake, has nothing to do with this run")
        .containsOnly("null");
    assertThat(lastRun("tenant-007")).contains("Skipped", "TenantSuspended");
    assertThat(jobs().names()).hasSize(3);
  }

  private Resource<Tenant> tenant(String name) {
    return client().resources(Tenant.class).inNamespace(namespace()).withName(name);
  }

  private void suspend(String name) {
    patchTenant(name, "Suspended");
    untilObserved(name);
  }

  private void createAgain(String name) {
    Tenant before = tenant(name).require();
    tenant(name).delete();
    create(name, before);
  }

  private void create(String name, Tenant like) {
    Tenant again = new Tenant();
    again.setSpec(like.getSpec());
    again.setMetadata(new ObjectMetaBuilder().withNamespace(namespace()).withName(name).build());
    Tenant unused = client().resource(again).create();
  }

  private List<String> whom(Job job) {
    return jobs().assignment(job).tenants().stream().map(Assignment.Member::name).toList();
  }

  @Test
  void whatIsDeletedUnderACohortAtWorkIsStoredAgainAsItWas() {
    fleet(3);
    run("v1", "[2, 1]", "");
    Job job = jobOf("v1");
    jobs().migrate(job, "tenant-001");
    patiently("the first outcome counts")
        .until(() -> get("v1").getStatus().totals().succeeded() == 1);
    List<ConfigMap> frozen = frozen();
    assertThat(frozen).as("the plan and an assignment").hasSize(2);
    // from the fleet as it is now the same plan could not be made again
    client().resources(Tenant.class).inNamespace(namespace()).withName("tenant-003").delete();
    frozen.forEach(map -> client().resource(map).delete());
    patiently("both are there again")
        .untilAsserted(() -> assertThat(frozen()).as("%s", eventReasons()).hasSize(2));
    assertThat(frozen())
        .extracting(ConfigMap::getData)
        .containsExactlyElementsOf(frozen.stream().map(ConfigMap::getData).toList());
    assertThat(eventReasons()).contains("PlanRestored");
    untilReason("v1", "CohortRunning");
    jobs().migrate(job, "tenant-002");
    jobs().end(job, true);
    untilPhase("v1", Phase.Succeeded);
    assertThat(get("v1").getStatus().totals())
        .isEqualTo(TenantMigrationRunStatus.Totals.of(3, 0, 0, 2, 0, 0, 1));
    assertThat(jobs().names()).hasSize(1);
  }

  @Test
  void whatIsDeletedWhileNoOperatorRunsIsMadeAgainFromTheFleetOrDrained() {
    fleet(2);
    run("v1", "[1]", "");
    jobs().succeed(jobOf("v1"));
    patiently("cohort 1 closes").until(() -> lastClosed("v1") == 1);
    Job second = jobOf("v1");
    stopOperator();
    frozen().stream()
        .filter(map -> map.getData().containsKey("plan.json"))
        .forEach(map -> client().resource(map).delete());
    startOperator();
    patiently("the plan is there again").until(() -> eventReasons().contains("PlanRestored"));

    stopOperator();
    client()
        .configMaps()
        .inNamespace(namespace())
        .withName(second.getMetadata().getName())
        .delete();
    startOperator();
    patiently("the Job is told to stop")
        .until(() -> HandDrivenJobs.isToldToStop(client().resource(second).get()));
    jobs().end(client().resource(second).get(), false);
    untilReason("v1", "PlanLost");
    assertThat(get("v1").getStatus().phase()).isEqualTo(Phase.Aborted);
    patch("v1", "{\"spec\":{\"attempt\":2}}");
    Job again = jobOf("v1");
    assertThat(jobs().assignment(again).tenants())
        .extracting(Assignment.Member::name)
        .containsExactly("tenant-002");
    jobs().succeed(again);
    untilPhase("v1", Phase.Succeeded);
  }

  @Test
  void aJobThatIsDeletedIsCreatedAgainAndOutcomesCount() {
    fleet(2);
    run("v1", "[2]", "gate: {mode: ReadOnly, settle: 0s}");
    Job job = jobOf("v1");
    jobs().migrate(job, "tenant-001");
    String evidence = lastRun("tenant-001");
    client().resource(job).delete();
    Job again =
        patiently("the Job is created again")
            .until(
                () -> client().resource(job).get(),
                found ->
                    found != null
                        && !found.getMetadata().getUid().equals(job.getMetadata().getUid()));
    patiently("it is said").until(() -> eventReasons().contains("JobLost"));
    assertThat(lastRun("tenant-001")).isEqualTo(evidence);
    jobs().migrate(again, "tenant-002");
    jobs().end(again, true);
    untilPhase("v1", Phase.Succeeded);
    assertThat(get("v1").getStatus().totals().succeeded()).isEqualTo(2);
    assertThat(lastRun("tenant-001")).isEqualTo(evidence);
    assertThat(jobs().names()).hasSize(1);
  }

  @Test
  void aFinishedRunIsInertWhenItsManifestIsAppliedAgain() {
    fleet(2);
    run("v1", "[1]", "");
    Job first = jobOf("v1");
    jobs().succeed(first);
    jobs().succeed(nextJobOf("v1", first));
    untilPhase("v1", Phase.Succeeded);
    patiently("the finalizer goes").until(() -> get("v1").getMetadata().getFinalizers().isEmpty());
    TenantMigrationRun end = get("v1");
    patch("v1", "{\"spec\":{\"rollout\":{\"cohortSizes\":[1]}}}");
    stopOperator();
    startOperator();
    // a second run shows that the operator has been through its queue
    run("v2", "[2]", "suspend: true");
    untilReason("v2", "SuspendedByUser");
    assertThat(get("v1").getStatus()).isEqualTo(end.getStatus());
    assertThat(get("v1").getMetadata().getResourceVersion())
        .isEqualTo(end.getMetadata().getResourceVersion());
    assertThat(jobs().names()).hasSize(2);
  }

  @Test
  void anOldStatusFromABackupIsCaughtUpFromEvidence() {
    fleet(2);
    run("v1", "[1]", "");
    Job first = jobOf("v1");
    patiently("the status says so").until(() -> !get("v1").getStatus().cohorts().isEmpty());
    TenantMigrationRunStatus backup = get("v1").getStatus();
    jobs().succeed(first);
    Job second = nextJobOf("v1", first);
    patiently("cohort 2 runs").until(() -> get("v1").getStatus().cohorts().size() == 2);
    List<String> before = jobs().names();

    TenantMigrationRun old = get("v1");
    old.setStatus(backup);
    old.getMetadata().setResourceVersion(null);
    TenantMigrationRun unused = client().resource(old).updateStatus();
    patiently("it knows that cohort 1 is closed").until(() -> lastClosed("v1") == 1);
    jobs().succeed(second);
    untilPhase("v1", Phase.Succeeded);
    assertThat(jobs().names()).as("nothing runs twice").isEqualTo(before);
    assertThat(get("v1").getStatus().totals().succeeded()).isEqualTo(2);
  }

  @Test
  void aRunThatIsRestoredWithoutItsStatusRunsAgainAsANewOne() {
    fleet(1);
    run("v1", "[1]", "");
    jobs().succeed(jobOf("v1"));
    untilPhase("v1", Phase.Succeeded);
    List<String> before = jobs().names();
    resource("v1").delete();
    untilGone("v1");
    run("v1", "[1]", "");
    Job again = jobOf("v1");
    assertThat(before).doesNotContain(again.getMetadata().getName());
    jobs().succeed(again);
    untilPhase("v1", Phase.Succeeded);
  }

  private void move(String tenant, String host) {
    Tenant unused =
        client()
            .resources(Tenant.class)
            .inNamespace(namespace())
            .withName(tenant)
            .patch(
                PatchContext.of(PatchType.JSON_MERGE),
                "{\"spec\":{\"database\":{\"host\":\"%s\"}}}".formatted(host));
    untilObserved(tenant);
  }

  private String hostOf(Job job) {
    return jobs().assignment(job).tenants().get(0).database().host();
  }

  private List<ConfigMap> frozen() {
    return client().configMaps().inNamespace(namespace()).list().getItems().stream()
        .filter(
            map ->
                map.getData().containsKey("plan.json")
                    || map.getData().containsKey("assignment.json"))
        .toList();
  }

  private List<String> eventReasons() {
    return client().v1().events().inNamespace(namespace()).list().getItems().stream()
        .map(event -> event.getReason())
        .toList();
  }

  private int lastClosed(String run) {
    Integer closed = get(run).getStatus().lastClosedCohort();
    return closed == null ? 0 : closed;
  }

  private String lastRun(String tenant) {
    return String.valueOf(
        client()
            .resources(Tenant.class)
            .inNamespace(namespace())
            .withName(tenant)
            .require()
            .getStatus()
            .lastRun());
  }
}
