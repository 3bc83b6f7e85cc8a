package dev.fleetway.runner.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetway.api.pod.Assignment;
import dev.fleetway.api.v1alpha1.Condition;
import dev.fleetway.api.v1alpha1.Tenant;
import dev.fleetway.api.v1alpha1.TenantReason;
import dev.fleetway.api.v1alpha1.TenantStatus;
import dev.fleetway.api.v1alpha1.TenantStatus.LastRun;
import dev.fleetway.api.v1alpha1.TenantStatus.Outcome;
import dev.fleetway.api.v1alpha1.TenantStatus.Problem;
import dev.fleetway.runner.database.TenantPlan;
import dev.fleetway.runner.database.TenantResult;
import dev.fleetway.runner.database.TenantResult.SchemaState;
import dev.fleetway.runner.testing.RecordingTenantApi;
import dev.fleetway.runner.testing.TestTenants;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StatusPatchTest {
  private static final Instant NOW = Instant.parse("2026-11-21T08:00:00.5Z");
  private static final Condition OLD_READY =
      new Condition("Ready", Condition.Status.True, 1L, "2026-01-01T00:00:00Z", "Succeeded", "ok");

  @Test
  void theReadyConditionKeepsItsTimeUntilItsStatusFlips() {
    TenantStatus before = status(null, null, List.of(OLD_READY));

    Condition same = ready(patched(before, current(new SchemaState("112", null, false))));
    Condition flipped = ready(patched(before, failed(Optional.empty())));

    assertThat(same.lastTransitionTime()).isEqualTo("2026-01-01T00:00:00Z");
    assertThat(same.reason()).isEqualTo("AlreadyCurrent");
    assertThat(flipped.lastTransitionTime()).isEqualTo("2026-11-21T08:00:00Z");
    assertThat(flipped.status()).isEqualTo(Condition.Status.False);
    assertThat(flipped.reason()).isEqualTo("LockTimeout");
    assertThat(flipped.message()).contains(TenantReason.LockTimeout.hint());
  }

  @Test
  void otherConditionsAndAccessStay() {
    Condition other =
        new Condition("Other", Condition.Status.True, 1L, "2026-01-01T00:00:00Z", "Why", "words");
    TenantStatus before =
        new TenantStatus(
            7L, null, null, TenantStatus.Access.ReadOnly, null, null, List.of(other, OLD_READY));

    TenantStatus after = patched(before, current(new SchemaState("112", null, false)));

    assertThat(after.conditions()).hasSize(2).contains(other);
    assertThat(after.access()).isEqualTo(TenantStatus.Access.ReadOnly);
    assertThat(after.observedGeneration()).isEqualTo(7);
  }

  @Test
  void whatIsNotKnownStaysAsItWas() {
    TenantStatus after = patched(status("111", "2.0.0", null), failed(Optional.empty()));

    assertThat(after.schemaVersion()).isEqualTo("111");
    assertThat(after.minCompatibleCodeVersion()).isEqualTo("2.0.0");
    assertThat(after.lastRun().toVersion()).isNull();
  }

  @Test
  void aPlanTouchesNothingButItsOwnPlace() {
    TenantStatus before =
        new TenantStatus(
            7L, "111", "2.0.0", TenantStatus.Access.ReadOnly, null, null, List.of(OLD_READY));

    TenantStatus after = planned(before, plan(List.of()));

    assertThat(after.lastPlan().pending()).isEqualTo(25);
    assertThat(after.lastPlan().pendingVersions()).hasSize(20).startsWith("1").endsWith("20");
    assertThat(after.lastPlan().currentVersion()).isEqualTo("0.5");
    assertThat(after.lastPlan().problems()).isEmpty();
    assertThat(after.lastPlan().time()).isEqualTo("2026-11-21T08:00:00.500Z");
    assertThat(
            new TenantStatus(
                after.observedGeneration(),
                after.schemaVersion(),
                after.minCompatibleCodeVersion(),
                after.access(),
                after.lastRun(),
                null,
                after.conditions()))
        .isEqualTo(before);
  }

  @Test
  void ofManyProblemsThoseThatHaveRoomAreListedAndTheRestCounted() {
    List<Problem> many =
        IntStream.rangeClosed(1, 23)
            .mapToObj(
                number ->
                    new Problem(TenantReason.ChecksumMismatch, "" + number, "m".repeat(2_000)))
            .toList();

    List<Problem> listed = planned(null, plan(many)).lastPlan().problems();

    assertThat(listed).hasSize(20);
    assertThat(listed.get(18).message()).hasSizeLessThanOrEqualTo(1024).endsWith("…");
    assertThat(listed.get(19).message()).endsWith(". 3 more problems are not listed");
  }

  private static TenantPlan plan(List<Problem> problems) {
    return new TenantPlan(
        Optional.of("0.5"),
        Optional.of(IntStream.rangeClosed(1, 25).mapToObj(Integer::toString).toList()),
        problems,
        NOW,
        Duration.ofMillis(5));
  }

  private static TenantStatus planned(TenantStatus before, TenantPlan plan) {
    RecordingTenantApi api = new RecordingTenantApi();
    Tenant tenant = TestTenants.tenant("acme", TestTenants.database("pg", 1, "a", "b", null));
    tenant.setStatus(before);
    api.put(tenant);
    Assignment run = TestTenants.inModePlan(TestTenants.assignment("sha256:", "112", List.of()));
    api.patchStatus(
        "acme",
        StatusPatch.of(api.get("acme"), TestTenants.uid("acme"), StatusPatch.lastPlan(run, plan)));
    assertThat(Evidence.of(api.find("acme"), TestTenants.member(tenant), run))
        .isEqualTo(Evidence.FINAL);
    return api.get("acme").getStatus();
  }

  @ParameterizedTest
  @CsvSource({
    "2.9.0, 2.10.0, false, 2.10.0",
    "2.10.0, 2.9.0, false, 2.10.0",
    "2.10.0, , false, 2.10.0",
    ", 2.9.0, false, 2.9.0",
    "2.10.0, 2.9.0, true, 2.9.0",
    "2.10.0, , true, ",
    ", , false, ",
  })
  void theFloorFallsOnlyWithANewDatabase(
      String stored, String declared, boolean wasNew, String expected) {
    TenantStatus after =
        patched(status("111", stored, null), current(new SchemaState("112", declared, wasNew)));

    assertThat(after.minCompatibleCodeVersion()).isEqualTo(expected);
  }

  @Test
  void aTenantWithoutStatusGetsOne() {
    TenantStatus after = patched(null, current(new SchemaState("112", "2.14.0", true)));

    assertThat(after.schemaVersion()).isEqualTo("112");
    assertThat(ready(after).observedGeneration()).isEqualTo(1);
  }

  @Test
  void anEmptyDatabaseHasNoVersion() {
    assertThat(
            patched(
                    status("111", null, null),
                    failed(Optional.of(new SchemaState(null, null, true))))
                .schemaVersion())
        .isNull();
  }

  @Test
  void aLongMessageIsCut() {
    LastRun lastRun =
        StatusPatch.lastRun(
            TestTenants.assignment("sha256:", "112", List.of()),
            new TenantResult(
                Outcome.Failed,
                TenantReason.SqlError,
                "x".repeat(5000),
                null,
                null,
                null,
                Optional.empty(),
                List.of(),
                List.of(),
                NOW,
                Duration.ZERO,
                1));

    assertThat(lastRun.message()).hasSize(1024).endsWith("…");
    assertThat(lastRun.startTime()).isEqualTo("2026-11-21T08:00:00.500Z");
  }

  private static TenantStatus patched(TenantStatus before, TenantResult result) {
    RecordingTenantApi api = new RecordingTenantApi();
    Tenant tenant =
        TestTenants.tenant("acme", TestTenants.database("pg", 5432, "acme", "public", null));
    tenant.setStatus(before);
    api.put(tenant);
    LastRun lastRun =
        StatusPatch.lastRun(TestTenants.assignment("sha256:", "112", List.of()), result);
    api.patchStatus(
        "acme", StatusPatch.of(api.get("acme"), TestTenants.uid("acme"), lastRun, result, NOW));
    return api.get("acme").getStatus();
  }

  private static Condition ready(TenantStatus status) {
    return status.conditions().stream()
        .filter(condition -> condition.type().equals("Ready"))
        .findFirst()
        .orElseThrow();
  }

  private static TenantStatus status(
      String schemaVersion, String minCode, List<Condition> conditions) {
    return new TenantStatus(null, schemaVersion, minCode, null, null, null, conditions);
  }

  private static TenantResult current(SchemaState state) {
    return new TenantResult(
        Outcome.AlreadyCurrent,
        null,
        null,
        null,
        null,
        "112",
        Optional.of(state),
        List.of(),
        List.of(),
        NOW,
        Duration.ZERO,
        1);
  }

  private static TenantResult failed(Optional<SchemaState> state) {
    return new TenantResult(
        Outcome.Failed,
        TenantReason.LockTimeout,
        "canceling statement due to lock timeout",
        "55P03",
        "112",
        "111",
        state,
        List.of(),
        List.of(),
        NOW,
        Duration.ZERO,
        1);
  }
}
