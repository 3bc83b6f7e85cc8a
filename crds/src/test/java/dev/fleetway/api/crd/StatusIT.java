package dev.fleetway.api.crd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetway.api.testing.RealApiServer;
import dev.fleetway.api.v1alpha1.Condition;
import dev.fleetway.api.v1alpha1.Tenant;
import dev.fleetway.api.v1alpha1.TenantMigrationRun;
import dev.fleetway.api.v1alpha1.TenantReason;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the status of an object takes, and how it can be asked for. */
@RealApiServer
class StatusIT {
  private static final PatchContext MERGE = PatchContext.of(PatchType.JSON_MERGE);
  private static final String OLD_EVIDENCE =
      "status.lastRun.attempt: Forbidden: an outcome of an older attempt or cohort cannot replace a"
          + " newer one of the same run";

  private final KubernetesClient client;

  StatusIT(KubernetesClient client) {
    this.client = client;
  }

  @BeforeAll
  static void createTenants(KubernetesClient client) {
    for (String name : List.of("acme", "globex", "initech")) {
      client.resource(Manifest.tenant(name).build()).create();
    }
    status(client, "acme", "{access: ReadWrite, schemaVersion: '104', " + outcome("Succeeded"));
    status(client, "globex", "{access: ReadOnly, schemaVersion: '103', " + outcome("Failed"));
    client
        .resources(Tenant.class)
        .withName("initech")
        .patch(MERGE, Manifest.yaml("{spec: {state: Suspended}}").toString());
  }

  @ParameterizedTest
  @CsvSource({
    "spec.state, Active, acme globex",
    "spec.state, Suspended, initech",
    "status.access, ReadOnly, globex",
    "status.access, None, ''",
    "status.schemaVersion, 104, acme",
    "status.lastRun.outcome, Failed, globex",
    "status.lastRun.outcome, '', initech",
  })
  void selectsTenantsByField(String field, String value, String names) {
    assertThat(client.resources(Tenant.class).withField(field, value).list().getItems())
        .extracting(tenant -> tenant.getMetadata().getName())
        .filteredOn(name -> !name.startsWith("evidence"))
        .containsExactlyInAnyOrder(names.isEmpty() ? new String[0] : names.split(" ", -1));
  }

  @ParameterizedTest
  @CsvSource({
    "same attempt and cohort, r1, 2, 3, true",
    "newer attempt, r1, 3, 3, true",
    "older attempt, r1, 1, 3, false",
    "older cohort, r1, 2, 2, false",
    "newer attempt in an older cohort, r1, 3, 2, false",
    "first attempt of another run, r2, 1, 1, true",
  })
  void keepsTheNewestEvidenceOfOneRun(
      String description, String uid, int attempt, int cohort, boolean accepted) {
    String name = "evidence-" + description.replace(' ', '-');
    client.resource(Manifest.tenant(name).build()).create();
    status(client, name, lastRun("r1", 2, 3));
    if (accepted) {
      status(client, name, lastRun(uid, attempt, cohort));
      assertThat(client.resources(Tenant.class).withName(name).get().getStatus().lastRun())
          .extracting("uid", "attempt", "cohort")
          .containsExactly(uid, attempt, cohort);
    } else {
      assertThat(Refusal.of(() -> status(client, name, lastRun(uid, attempt, cohort))))
          .isEqualTo(OLD_EVIDENCE);
    }
  }

  @Test
  void anOutcomeIsFinalForItsRunAttemptAndCohort() {
    String name = "evidence-is-final";
    client.resource(Manifest.tenant(name).build()).create();
    status(client, name, lastRun("r1", 2, 3));
    String other = lastRun("r1", 2, 3).replace("Failed", "Succeeded");
    assertThat(other).isNotEqualTo(lastRun("r1", 2, 3));
    assertThat(Refusal.of(() -> status(client, name, other)))
        .contains("an outcome is final for its run, attempt and cohort: raise spec.attempt");
  }

  @Test
  void refusesAnOutcomeThatIsNotDocumentedAndAReasonThatIsNoWord() {
    assertThat(Refusal.of(() -> status(client, "acme", "{lastRun: {outcome: Lost}}")))
        .startsWith("status.lastRun.outcome: Unsupported value: \"Lost\"");
    assertThat(Refusal.of(() -> status(client, "acme", "{lastRun: {reason: because of it}}")))
        .startsWith("status.lastRun.reason: Invalid value: \"because of it\"");
  }

  @Test
  void takesAReasonThatOnlyANewerRunnerKnows() {
    String name = "evidence-of-a-newer-runner";
    client.resource(Manifest.tenant(name).build()).create();
    status(
        client,
        name,
        "{lastRun: {name: v112, uid: u1, attempt: 1, cohort: 1, outcome: Failed, reason: NewReason}}");
    assertThat(client.resources(Tenant.class).withName(name).get().getStatus().lastRun().reason())
        .isEqualTo(TenantReason.Unrecognized);
  }

  @Test
  void aSpecCannotBeWrittenThroughTheStatus() {
    client
        .resources(Tenant.class)
        .withName("acme")
        .subresource("status")
        .patch(MERGE, Manifest.yaml("{spec: {state: Suspended}}").toString());
    assertThat(client.resources(Tenant.class).withName("acme").get().getSpec().state().name())
        .isEqualTo("Active");
  }

  @Test
  void twoWritersOfATenantsConditionsKeepEachOthers() {
    client.resource(Manifest.tenant("evidence-conditions").build()).create();
    applyCondition(Tenant.class, "evidence-conditions", "one", "Ready");
    applyCondition(Tenant.class, "evidence-conditions", "two", "Reachable");
    assertThat(
            client
                .resources(Tenant.class)
                .withName("evidence-conditions")
                .get()
                .getStatus()
                .conditions())
        .extracting(Condition::type)
        .containsExactlyInAnyOrder("Ready", "Reachable");
  }

  @Test
  void twoWritersOfARunsConditionsKeepEachOthers() {
    client.resource(Manifest.run("conditions").build()).create();
    applyCondition(TenantMigrationRun.class, "conditions", "one", "Ready");
    applyCondition(TenantMigrationRun.class, "conditions", "two", "Stalled");
    assertThat(
            client
                .resources(TenantMigrationRun.class)
                .withName("conditions")
                .get()
                .getStatus()
                .conditions())
        .extracting(Condition::type)
        .containsExactlyInAnyOrder("Ready", "Stalled");
  }

  private <T extends CustomResource<?, ?>> void applyCondition(
      Class<T> type, String name, String manager, String condition) {
    Resource<T> resource = client.resources(type).withName(name);
    resource
        .subresource("status")
        .patch(
            new PatchContext.Builder()
                .withPatchType(PatchType.SERVER_SIDE_APPLY)
                .withFieldManager(manager)
                .build(),
            Manifest.yaml(
                    """
                    apiVersion: fleetway.dev/v1alpha1
                    kind: %s
                    metadata: {name: %s}
                    status:
                      conditions:
                      - {type: %s, status: "False", reason: Testing, message: "",
                         lastTransitionTime: "2026-11-21T00:00:00Z", observedGeneration: 1}
                    """
                        .formatted(type.getSimpleName(), name, condition))
                .toString());
  }

  private static String outcome(String outcome) {
    return "lastRun: {name: v105, uid: r1, attempt: 1, cohort: 1, outcome: " + outcome + "}}";
  }

  private static String lastRun(String uid, int attempt, int cohort) {
    return "{lastRun: {name: v105, uid: %s, attempt: %d, cohort: %d, outcome: Failed}}"
        .formatted(uid, attempt, cohort);
  }

  private static void status(KubernetesClient client, String name, String status) {
    client
        .resources(Tenant.class)
        .withName(name)
        .subresource("status")
        .patch(MERGE, Manifest.yaml("{status: " + status + "}").toString());
  }
}
