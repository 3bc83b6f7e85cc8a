package dev.fleetway.runner.database.flyway;

import dev.fleetway.api.v1alpha1.TenantReason;
import dev.fleetway.runner.database.failure.TenantFailure;
import dev.fleetway.runner.database.history.Precheck;
import org.flywaydb.core.api.CoreErrorCode;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.output.ValidateOutput;

/** A difference that Flyway's validation found where the precheck, a moment before, had none. */
final class LateRefusal {
  private LateRefusal() {}

  static Precheck.Verdict.Refused of(ValidateOutput output) {
    String version = output.version == null ? "" : output.version;
    String subject = version.isEmpty() ? "a repeatable script" : "version " + version;
    TenantFailure failure =
        output.errorDetails.errorCode instanceof CoreErrorCode code
            ? failure(code, subject)
            : new TenantFailure(TenantReason.RunnerError, "Flyway refuses " + subject);
    return new Precheck.Verdict.Refused(
        failure, version.isEmpty() ? null : MigrationVersion.fromVersion(version));
  }

  private static TenantFailure failure(CoreErrorCode code, String subject) {
    return switch (code) {
      case CHECKSUM_MISMATCH ->
          new TenantFailure(
              TenantReason.ChecksumMismatch,
              subject + " was applied with another checksum than the bundle's script has");
      case DESCRIPTION_MISMATCH ->
          new TenantFailure(
              TenantReason.ChecksumMismatch,
              subject + " was applied from a script with another name");
      case TYPE_MISMATCH ->
          new TenantFailure(
              TenantReason.MissingScript, subject + " was applied as something else than a script");
      case APPLIED_VERSIONED_MIGRATION_NOT_RESOLVED, APPLIED_REPEATABLE_MIGRATION_NOT_RESOLVED ->
          new TenantFailure(
              TenantReason.MissingScript,
              subject + " is applied, but the bundle does not contain it");
      case RESOLVED_VERSIONED_MIGRATION_NOT_APPLIED ->
          new TenantFailure(
              TenantReason.OutOfOrder, subject + " is not applied, but a higher version is");
      case FAILED_VERSIONED_MIGRATION, FAILED_REPEATABLE_MIGRATION ->
          new TenantFailure(
              TenantReason.FailedMigrationEntry, "the history holds a failed entry for " + subject);
      default ->
          new TenantFailure(TenantReason.RunnerError, "Flyway refuses " + subject + ": " + code);
    };
  }
}
