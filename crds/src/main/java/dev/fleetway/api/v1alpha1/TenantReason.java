package dev.fleetway.api.v1alpha1;

import static dev.fleetway.api.v1alpha1.TenantStatus.Outcome.AlreadyCurrent;
import static dev.fleetway.api.v1alpha1.TenantStatus.Outcome.Failed;
import static dev.fleetway.api.v1alpha1.TenantStatus.Outcome.Skipped;

import com.fasterxml.jackson.annotation.JsonCreator;
import dev.fleetway.api.v1alpha1.TenantStatus.Outcome;
import java.util.Arrays;

/**
 * Why a tenant failed or was left out: the single source of the reason in the status, of its hint,
 * and of the table in {@code docs/troubleshooting.md}.
 */
public enum TenantReason {
  ConnectionRefused(
      Failed,
      "Nothing listens at this host and port: check spec.database and that the server runs."),
  ConnectionTimeout(
      Failed, "The server did not answer in time: check network policies, routes and its load."),
  HostUnknown(Failed, "The host name does not resolve: check spec.database.host."),
  TlsFailed(
      Failed,
      "The TLS handshake failed: check sslMode, and that caKey holds the authority of the server's"
          + " certificate and host is a name in it."),
  AuthenticationFailed(
      Failed, "The server refused the login: check user and password in the credentials Secret."),
  TooManyConnections(
      Failed, "The server has no connection slot left: lower execution.concurrency or free some."),
  PoolerNotSupported(
      Failed,
      "A pooler such as PgBouncer answers here, and migrations need the server itself: point"
          + " spec.database at PostgreSQL."),
  ReadOnlyServer(
      Failed,
      "The server takes no writes (a standby, or default_transaction_read_only): point spec.database"
          + " at the primary."),
  DiskFull(Failed, "The server has no space left: free some, then raise spec.attempt."),
  SecretMissing(
      Failed,
      "The credentials Secret, or one of its keys, does not exist: create it, or correct"
          + " spec.database.credentialsSecretRef."),
  DatabaseMissing(Failed, "The database does not exist: create it, or correct spec.database.name."),
  SchemaMissing(
      Failed, "The schema does not exist and a run never creates one: create it as the owner."),
  InvalidTarget(Failed, "The address has characters that are not allowed: correct spec.database."),
  InsufficientPrivilege(
      Failed, "The user lacks a privilege that the script needs: grant it, or set database.role."),
  LockTimeout(
      Failed,
      "Another session holds the lock for longer than execution.lockTimeout: end it, or raise the"
          + " timeout with the next attempt."),
  TenantTimeout(
      Failed,
      "The tenant took longer than execution.tenantTimeout and its session was cancelled: look for"
          + " locks and large tables, or raise the timeout with the next attempt."),
  SchemaDrift(
      Failed,
      "The schema is not what its history says (an object already exists, or is missing): compare it"
          + " with a healthy tenant and correct it by hand."),
  ConstraintViolation(
      Failed, "The tenant's rows violate a constraint of the migration: repair the data."),
  ChecksumMismatch(
      Failed,
      "A script was edited after it had been applied here: restore the released file and put the"
          + " change into a new version, or accept the edit with migrations.realignChecksums of a new"
          + " run."),
  FailedMigrationEntry(
      Failed,
      "The history holds a failed entry of an earlier migration: repair what it left behind, then"
          + " delete the entry from flyway_schema_history."),
  HistoryMissing(
      Failed,
      "The schema is not empty and has no history table, it was never migrated by Flyway: adopt it with"
          + " baselineVersion of a new run."),
  MissingScript(
      Failed,
      "A version is applied that the bundle does not contain: use a bundle that has all released"
          + " scripts."),
  OutOfOrder(
      Failed,
      "The bundle holds a version below one that is applied: give it a higher version, or admit it with"
          + " migrations.outOfOrder of a new run."),
  IncompatibleCodeVersion(
      Failed,
      "A pending migration needs newer application code than compatibility.codeVersion: roll the code"
          + " out first, then raise spec.attempt with the new codeVersion."),
  DuplicateTarget(
      Failed,
      "Another tenant has the same host, port, database and schema: correct spec.database of one."),
  SqlError(Failed, "The database refused a statement of the script: see SQLSTATE and message."),
  RunnerError(Failed, "The runner failed in an unexpected way: see the log of its pod."),
  Interrupted(
      Failed, "The run was aborted while the tenant was in work; its session was cancelled."),
  RunnerLost(
      Failed,
      "The pod ended without an outcome for this tenant: see the Job's events and pod log."),

  AheadOfBundle(AlreadyCurrent, "The database is ahead of the newest version in the bundle."),
  AheadOfTarget(AlreadyCurrent, "The database is ahead of spec.targetVersion."),

  Unrecognized(
      Failed,
      "The runner is newer than the reader and gave a reason it does not know: see message."),

  TenantDeleted(Skipped, "The tenant was deleted, or created again, after the plan was frozen."),
  TenantSuspended(Skipped, "The tenant is suspended: spec.state is Suspended."),
  TenantNotFound(Skipped, "No tenant has this name: correct spec.tenants.names in a new run."),
  CohortAborted(Skipped, "The cohort was aborted before this tenant's turn.");

  private final Outcome outcome;
  private final String hint;

  TenantReason(Outcome outcome, String hint) {
    this.outcome = outcome;
    this.hint = hint;
  }

  /** The reason with this name; {@link #Unrecognized} for one that only a newer release knows. */
  @JsonCreator
  public static TenantReason of(String name) {
    return Arrays.stream(values())
        .filter(reason -> reason.name().equals(name))
        .findFirst()
        .orElse(Unrecognized);
  }

  /** The outcome that this reason explains. */
  public Outcome outcome() {
    return outcome;
  }

  /** What a person can do about it, one sentence. */
  public String hint() {
    return hint;
  }
}
