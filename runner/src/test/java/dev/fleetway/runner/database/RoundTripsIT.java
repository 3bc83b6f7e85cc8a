package dev.fleetway.runner.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetway.api.v1alpha1.TenantSpec;
import dev.fleetway.api.v1alpha1.TenantSpec.SslMode;
import dev.fleetway.api.v1alpha1.TenantStatus.Outcome;
import dev.fleetway.runner.bundle.Bundle;
import dev.fleetway.runner.testing.RoundTrips;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What a tenant costs on the wire. */
class RoundTripsIT extends OnEveryPostgres {
  @Test
  void aTenantAtHeadCostsOneRoundTripBesidesTheLogin() throws IOException {
    TenantSpec.Database direct = tenant("cheap");
    migrate(bundle(), "112", direct);
    try (RoundTrips wire = new RoundTrips(server().host(), server().port())) {
      TenantResult result = unwatched(bundle(), "112", through(wire, direct));

      assertThat(result.outcome()).isEqualTo(Outcome.AlreadyCurrent);
      assertThat(wire.count()).isEqualTo(1);
    }
  }

  /**
   * Raw JDBC would need six answers for the first script (its login takes two more) and four for
   * each further one: BEGIN, script, row and COMMIT. BEGIN travels with the script.
   */
  @Test
  void aPendingScriptCostsNoMoreThanWithRawJdbc() throws IOException {
    String[] ten = new String[20];
    for (int version = 1; version <= 10; version++) {
      ten[version * 2 - 2] = "V" + version + "__a.sql";
      ten[version * 2 - 1] = "CREATE TABLE t" + version + " (a int);";
    }
    TenantSpec.Database direct = tenant("pending");
    migrate(bundleOf(ten), "1", direct);
    try (RoundTrips wire = new RoundTrips(server().host(), server().port())) {
      unwatched(bundleOf(ten), "2", through(wire, direct));
      int one = wire.count();
      unwatched(bundleOf(ten), "10", through(wire, direct));
      int eight = wire.count();

      assertThat(one).isLessThanOrEqualTo(8);
      assertThat((eight - one) / 7).isLessThanOrEqualTo(3);
    }
  }

  /** However slow the machine is, no second connection looks for somebody in the way. */
  private TenantResult unwatched(Bundle bundle, String head, TenantSpec.Database database) {
    return with(Duration.ofMinutes(2), Duration.ofMinutes(1), 0)
        .migrate(bundle, head, database)
        .orElseThrow();
  }

  private static TenantSpec.Database through(RoundTrips wire, TenantSpec.Database direct) {
    return new TenantSpec.Database(
        "127.0.0.1",
        wire.port(),
        direct.name(),
        direct.schema(),
        null,
        null,
        SslMode.DISABLE,
        direct.credentialsSecretRef());
  }
}
