package dev.fleetway.runner.database.flyway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetway.api.v1alpha1.TenantReason;
import dev.fleetway.runner.database.history.Precheck;
import org.flywaydb.core.api.CoreErrorCode;
import org.flywaydb.core.api.ErrorDetails;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.output.ValidateOutput;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LateRefusalTest {
  @ParameterizedTest
  @CsvSource({
    "CHECKSUM_MISMATCH, ChecksumMismatch, another checksum",
    "DESCRIPTION_MISMATCH, ChecksumMismatch, another name",
    "TYPE_MISMATCH, MissingScript, something else than a script",
    "APPLIED_VERSIONED_MIGRATION_NOT_RESOLVED, MissingScript, does not contain it",
    "RESOLVED_VERSIONED_MIGRATION_NOT_APPLIED, OutOfOrder, a higher version is",
    "FAILED_VERSIONED_MIGRATION, FailedMigrationEntry, a failed entry",
    "FAULT, RunnerError, FAULT",
  })
  void aDifferenceThatFlywayFoundNamesTheVersionAndWhatDiffers(
      CoreErrorCode code, TenantReason reason, String what) {
    Precheck.Verdict.Refused refused =
        LateRefusal.of(
            new ValidateOutput("7.1", "ada", "ada", new ErrorDetails(code, "text with ada")));

    assertThat(refused.version()).isEqualTo(MigrationVersion.fromVersion("7.1"));
    assertThat(refused.failure().reason()).isEqualTo(reason);
    assertThat(refused.failure().message()).contains("version 7.1", what).doesNotContain("ada");
  }

  @Test
  void aDifferenceInARepeatableScriptHasNoVersion() {
    Precheck.Verdict.Refused refused =
        LateRefusal.of(
            new ValidateOutput(
                "",
                "ada",
                "",
                new ErrorDetails(
                    CoreErrorCode.APPLIED_REPEATABLE_MIGRATION_NOT_RESOLVED, "text with ada")));

    assertThat(refused.version()).isNull();
    assertThat(refused.failure().message()).startsWith("a repeatable script is applied");
  }
}
