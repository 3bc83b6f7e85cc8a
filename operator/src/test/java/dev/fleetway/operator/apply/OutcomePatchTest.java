package dev.fleetway.operator.apply;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fleetway.api.v1alpha1.Condition;
import dev.fleetway.api.v1alpha1.Tenant;
import dev.fleetway.api.v1alpha1.TenantMigrationRunSpec.Mode;
import dev.fleetway.api.v1alpha1.TenantReason;
import dev.fleetway.api.v1alpha1.TenantStatus;
import dev.fleetway.api.v1alpha1.TenantStatus.LastRun;
import dev.fleetway.api.v1alpha1.TenantStatus.Outcome;
import dev.fleetway.operator.decide.CohortVerdict;
import dev.fleetway.operator.model.CohortTally;
import dev.fleetway.operator.model.PlannedTenant;
import dev.fleetway.operator.model.RunNames;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OutcomePatchTest {
  private static final RunNames NAMES =
      new RunNames("v112", "0a1b2c3d-0000-4000-8000-000000000001");
  private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
  private static final String EARLIER = "2026-11-20T08:00:00Z";

  @Test
  void aTenantThatWasNotReadyBeforeKeepsTheTimeSinceWhen() throws Exception {
    JsonNode ready = ready(tenant(Condition.Status.False));

    assertThat(ready.get("lastTransitionTime").asText()).isEqualTo(EARLIER);
    assertThat(ready.get("reason").asText()).isEqualTo("RunnerLost");
  }

  @Test
  void aTenantThatWasReadyIsNotSinceNow() throws Exception {
    assertThat(ready(tenant(Condition.Status.True)).get("lastTransitionTime").asText())
        .isEqualTo(NOW.toString());
  }

  @Test
  void conditionsOfOthersStayAsTheyAre() throws Exception {
    Tenant tenant = tenant(Condition.Status.True);
    Condition other =
        new Condition("Backup", Condition.Status.True, 1L, EARLIER, "Done", "By somebody else.");
    tenant.setStatus(status(List.of(other, tenant.getStatus().conditions().get(0)), null));

    JsonNode conditions = conditions(patch(tenant).orElseThrow());

    assertThat(conditions).extracting(c -> c.get("type").asText()).contains("Backup", "Ready");
  }

  @Test
  void whatARunnerWroteInTheMeantimeStays() throws Exception {
    Tenant tenant = tenant(Condition.Status.True);
    LastRun written =
        LastRun.unmeasured(
            NAMES.run(), NAMES.runUid(), 1, 2, Outcome.Succeeded, null, "by the runner");
    tenant.setStatus(status(tenant.getStatus().conditions(), written));

    assertThat(patch(tenant)).isEmpty();
  }

  @Test
  void aTenantThatWasCreatedAgainIsAnotherOne() throws Exception {
    Tenant tenant = tenant(Condition.Status.True);
    tenant.getMetadata().setUid("another");

    assertThat(patch(tenant)).isEmpty();
  }

  private static JsonNode ready(Tenant tenant) throws Exception {
    return conditions(patch(tenant).orElseThrow()).get(0);
  }

  private static JsonNode conditions(JsonNode patch) {
    for (JsonNode operation : patch) {
      if ("/status/conditions".equals(operation.get("path").asText())) {
        return operation.get("value");
      }
    }
    throw new AssertionError("no conditions in " + patch);
  }

  /** What a tenant gets whose pod was lost. */
  private static Optional<JsonNode> patch(Tenant tenant) throws Exception {
    CohortTally.Line lost =
        new CohortTally.Line(
            new PlannedTenant("acme", "uid-acme", null),
            Outcome.Failed,
            TenantReason.RunnerLost,
            Optional.empty(),
            Optional.empty());
    CohortVerdict verdict =
        new CohortVerdict(2, 1, "job", new CohortTally(List.of(lost)), Optional.empty());
    OutcomePatch outcomes = new OutcomePatch(NAMES, Mode.Apply, verdict, NOW);
    assertThat(outcomes.lines()).containsExactly(lost);
    var patch = outcomes.of(lost, tenant);
    return patch.isEmpty()
        ? Optional.empty()
        : Optional.of(new ObjectMapper().readTree(patch.get().json()));
  }

  private static Tenant tenant(Condition.Status ready) {
    Tenant tenant = new Tenant();
    tenant.setMetadata(
        new ObjectMetaBuilder()
            .withName("acme")
            .withUid("uid-acme")
            .withGeneration(3L)
            .withResourceVersion("7")
            .build());
    tenant.setStatus(
        status(List.of(new Condition("Ready", ready, 3L, EARLIER, "AtHead", "As it was.")), null));
    return tenant;
  }

  private static TenantStatus status(List<Condition> conditions, LastRun lastRun) {
    return new TenantStatus(3L, null, null, null, lastRun, null, conditions);
  }
}
