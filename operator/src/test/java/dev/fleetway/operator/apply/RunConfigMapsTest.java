package dev.fleetway.operator.apply;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fleetway.api.v1alpha1.TenantReason;
import dev.fleetway.api.v1alpha1.TenantSpec;
import dev.fleetway.api.v1alpha1.TenantStatus.LastRun;
import dev.fleetway.api.v1alpha1.TenantStatus.Outcome;
import dev.fleetway.operator.SimulatedRun;
import dev.fleetway.operator.decide.CohortVerdict;
import dev.fleetway.operator.model.CohortResult;
import dev.fleetway.operator.model.CohortTally;
import dev.fleetway.operator.model.FailedTenant;
import dev.fleetway.operator.model.PlannedTenant;
import dev.fleetway.operator.model.TenantView;
import io.fabric8.kubernetes.api.model.OwnerReference;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RunConfigMapsTest {
  private static final int MEBIBYTE = 1024 * 1024;

  @Test
  void keepsTheFirstWordsOfEachFailureOfAThousandTenants() throws JsonProcessingException {
    CohortTally tally = tally(1000, 63, "m".repeat(1024));
    String stored = stored(tally);
    assertThat(bytes(stored)).isLessThan(MEBIBYTE);
    List<FailedTenant> failed = new ObjectMapper().readValue(stored, CohortResult.class).failed();
    assertThat(failed).hasSize(1000);
    assertThat(failed.get(0).failure().message()).hasSize(256).endsWith("m…");
    assertThat(failed.get(0).fingerprint())
        .isEqualTo(FailedTenant.of(1, tally).get(0).fingerprint());
  }

  @Test
  void leavesTheWordsOutWhereTheyWouldNotFit() throws JsonProcessingException {
    CohortTally tally = tally(1000, 253, "\u8def\"".repeat(512));
    String stored = stored(tally);
    assertThat(bytes(stored)).isLessThan(MEBIBYTE);
    List<FailedTenant> failed = new ObjectMapper().readValue(stored, CohortResult.class).failed();
    assertThat(failed).hasSize(1000).allMatch(tenant -> tenant.failure().message() == null);
    assertThat(failed.get(999).fingerprint())
        .isEqualTo(FailedTenant.of(1, tally).get(999).fingerprint());
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  private static String stored(CohortTally tally) {
    return new RunConfigMaps(SimulatedRun.NAMES, SimulatedRun.NAMESPACE, new OwnerReference())
        .result(new CohortVerdict(1, 1, "job", tally, Optional.empty()), "v1-c001-a1-result")
        .getData()
        .get("result.json");
  }

  private static CohortTally tally(int tenants, int nameLength, String message) {
    return new CohortTally(
        IntStream.rangeClosed(1, tenants)
            .mapToObj(i -> line("%0" + nameLength + "d", i, message))
            .toList());
  }

  private static CohortTally.Line line(String form, int number, String message) {
    String name = form.formatted(number);
    LastRun lastRun =
        new LastRun(
            "v1",
            "uid",
            1,
            1,
            Outcome.Failed,
            TenantReason.SqlError,
            message,
            "23505",
            "20261121103000.1",
            "20261121103000.0",
            "20261121103000.1",
            1,
            SimulatedRun.START.toString(),
            120_000L,
            null,
            null);
    TenantView view =
        new TenantView(
            name,
            "uid-" + number,
            Map.of(),
            new TenantSpec(
                TenantSpec.State.Active,
                new TenantSpec.Database(
                    "pg-1.databases.svc.cluster.local", 5432, "db", null, null, null, null, null)),
            Optional.of(lastRun));
    return new CohortTally.Line(
        new PlannedTenant(name, view.uid()),
        Outcome.Failed,
        TenantReason.SqlError,
        Optional.of(lastRun),
        Optional.of(view));
  }
}
