package dev.fleetway.runner.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetway.api.pod.Assignment;
import dev.fleetway.api.v1alpha1.Tenant;
import dev.fleetway.api.v1alpha1.TenantReason;
import dev.fleetway.api.v1alpha1.TenantStatus;
import dev.fleetway.api.v1alpha1.TenantStatus.Outcome;
import dev.fleetway.runner.database.TenantResult;
import dev.fleetway.runner.testing.RecordingTenantApi;
import dev.fleetway.runner.testing.TestTenants;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OutcomeWriterTest {
  private static final Assignment RUN = TestTenants.assignment("sha256:", "112", List.of());

  private final RecordingTenantApi api = new RecordingTenantApi();
  private final OutcomeWriter writer =
      new OutcomeWriter(api, RUN, Clock.systemUTC(), Duration.ofSeconds(5));

  @BeforeEach
  void createTenant() {
    Tenant tenant =
        TestTenants.tenant("acme", TestTenants.database("pg", 5432, "acme", "public", null));
    tenant.setStatus(
        new TenantStatus(1L, null, null, TenantStatus.Access.ReadWrite, null, null, List.of()));
    api.put(tenant);
  }

  @Test
  void anOutcomeThatAnotherPodOfTheSameAttemptWroteMeanwhileIsFinal() throws InterruptedException {
    Tenant read = api.get("acme");
    write(new OutcomeWriter(api, RUN, Clock.systemUTC(), Duration.ofSeconds(5)), read, null);

    write(writer, read, TenantReason.TenantTimeout);

    assertThat(api.lastRun("acme").outcome()).isEqualTo(Outcome.Succeeded);
    assertThat(api.patches()).hasSize(1);
    assertThat(writer.lost()).isZero();
  }

  @Test
  void aTenantThatIsThereButTakesNoStatusIsGivenUp() throws InterruptedException {
    api.failPatches(Collections.nCopies(50, 404).toArray(Integer[]::new));

    write(writer, api.get("acme"), null);

    assertThat(writer.lost()).isOne();
    assertThat(api.patches()).isEmpty();
  }

  private static void write(OutcomeWriter writer, Tenant read, TenantReason reason)
      throws InterruptedException {
    TenantResult result =
        new TenantResult(
            reason == null ? Outcome.Succeeded : Outcome.Failed,
            reason,
            null,
            null,
            null,
            null,
            Optional.empty(),
            List.of(),
            List.of(),
            Instant.EPOCH,
            Duration.ZERO,
            1);
    writer.submit(TestTenants.member(read), read, result, () -> {});
    assertThat(writer.flush(Duration.ofSeconds(10))).isTrue();
  }
}
