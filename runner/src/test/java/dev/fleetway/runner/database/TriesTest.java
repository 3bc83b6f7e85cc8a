package dev.fleetway.runner.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetway.api.v1alpha1.TenantReason;
import dev.fleetway.runner.database.Tries.Kind;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TriesTest {
  @ParameterizedTest
  @CsvSource({
    "LockTimeout, 55P03, TRANSIENT",
    "SqlError, 40001, TRANSIENT",
    "SqlError, 40P01, TRANSIENT",
    "SqlError, 57P01, TRANSIENT",
    "SqlError, 57P02, TRANSIENT",
    "ConnectionRefused, 57P03, TRANSIENT",
    "TooManyConnections, 53300, TRANSIENT",
    "ConnectionRefused, , CONNECTION",
    "ConnectionTimeout, , CONNECTION",
    "ConnectionTimeout, 08006, CONNECTION",
    "HostUnknown, , CONNECTION",
    "TenantTimeout, 57014, PERMANENT",
    "TenantTimeout, 55P03, PERMANENT",
    "TlsFailed, , PERMANENT",
    "AuthenticationFailed, 28P01, PERMANENT",
    "PoolerNotSupported, 08P01, PERMANENT",
    "DiskFull, 53100, PERMANENT",
    "SchemaDrift, 42P07, PERMANENT",
    "FailedMigrationEntry, , PERMANENT",
  })
  void reasonAndStateSayWhetherAFailureMayPass(TenantReason reason, String state, Kind kind) {
    assertThat(Tries.kind(reason, state)).isEqualTo(kind);
  }
}
