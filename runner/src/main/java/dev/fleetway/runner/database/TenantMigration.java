package dev.fleetway.runner.database;

import dev.fleetway.api.pod.Assignment;
import dev.fleetway.api.v1alpha1.TenantReason;
import dev.fleetway.api.v1alpha1.TenantSpec;
import dev.fleetway.api.v1alpha1.TenantStatus.AppliedMigration;
import dev.fleetway.api.v1alpha1.TenantStatus.Outcome;
import dev.fleetway.runner.bundle.Bundle;
import dev.fleetway.runner.bundle.Placeholders;
import dev.fleetway.runner.bundle.SharedScripts;
import dev.fleetway.runner.bundle.TenantScripts;
import dev.fleetway.runner.database.FailureClassifier.Step;
import dev.fleetway.runner.database.TenantFailure.TenantFailureException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.flywaydb.core.api.MigrationVersion;
import org.postgresql.PGConnection;
import org.semver4j.Semver;

/** Brings one tenant to the head: connect, precheck, Flyway. One per pod, used by many threads. */
public final class TenantMigration implements TenantWork {
  private static final int LISTED = 20;
  private static final String UNKNOWN_ROLE = "22023";
  private static final Duration READ_AFTERWARDS = Duration.ofSeconds(5);

  private final Bundle bundle;
  private final Precheck precheck;
  private final FlywayMigration flyway;
  private final SharedScripts scripts;
  private final DatabaseTurns turns = new DatabaseTurns();
  private final SharedSessions sessions;
  private final Path credentials;
  private final String applicationName;
  private final Duration tenantTimeout;
  private final Duration lockTimeout;
  private final int retries;
  private final Clock clock;
  private final LongSupplier nanoTime;

  /**
   * @param clock for the times that people read
   * @param nanoTime for durations and deadlines, which a corrected wall clock must not move
   */
  public TenantMigration(
      Assignment assignment,
      Bundle bundle,
      MigrationVersion head,
      Path credentials,
      Clock clock,
      LongSupplier nanoTime) {
    this.bundle = bundle;
    MigrationRules rules = MigrationRules.of(assignment.migrations(), head);
    this.precheck = new Precheck(bundle, rules);
    this.flyway = new FlywayMigration(rules);
    this.scripts =
        SharedScripts.of(bundle, head, Placeholders.of(assignment.migrations().placeholders()));
    this.credentials = credentials;
    this.applicationName = "fleetway " + assignment.run();
    this.sessions = new SharedSessions(applicationName, null, assignment.limits());
    this.tenantTimeout = Duration.ofMillis(assignment.limits().tenantTimeoutMillis());
    this.lockTimeout = Duration.ofMillis(assignment.limits().lockTimeoutMillis());
    this.retries = assignment.limits().retries();
    this.clock = clock;
    this.nanoTime = nanoTime;
  }

  @Override
  public void expect(List<Assignment.Member> members) {
    sessions.expect(members);
  }

  @Override
  public void release() {
    sessions.release();
  }

  @Override
  public Optional<TenantResult> perform(
      Assignment.Member tenant, StopSwitch stop, Consumer<Tries.Retry> onRetry) {
    Attempt attempt = new Attempt(tenant, stop);
    stop.arm(tenantTimeout);
    try {
      return new Tries<TenantResult>(
              retries, stop, () -> tenantTimeout.minus(attempt.elapsed()), onRetry)
          .run(() -> migrate(attempt));
    } finally {
      stop.close();
      sessions.done(tenant.database());
    }
  }

  private static Optional<TenantResult> migrate(Attempt attempt) {
    attempt.begin();
    try {
      TenantResult result = attempt.run();
      attempt.well = true;
      return Optional.of(result);
    } catch (TenantFailureException e) {
      return attempt.failed(e.failure());
    } catch (SQLException | RuntimeException e) {
      return attempt.failed(FailureClassifier.classify(e, attempt.step));
    } finally {
      attempt.end();
    }
  }

  /** The state of one tenant's way through, over every try. */
  private final class Attempt {
    private final TenantSpec.Database database;
    private final TenantScripts tenantScripts;
    private final Leftovers leftovers;
    private final StopSwitch stop;
    private final Instant start = clock.instant();
    private final long startNanos = nanoTime.getAsLong();
    private int tries;
    private TenantFailure lastFailure;
    private Step step = Step.CONNECT;
    private SessionLease lease;
    private Connection connection;

    /** The try came to its end: nothing failed, and nothing is under way. */
    private boolean well;

    private int pid;
    private SideSession side;
    private BlockerWatch watch;
    private SessionSettings.Server server;
    private ScriptGuard guard;
    private MigrationVersion refusedVersion;

    /** Before the first try that came so far; what was cleared away since is not in it. */
    private History before;

    private History after;

    /** In all tries: a correction is committed at once. */
    private final List<MigrationVersion> realigned = new ArrayList<>();

    Attempt(Assignment.Member tenant, StopSwitch stop) {
      this.database = tenant.database();
      this.tenantScripts = scripts.forTenant(tenant.name(), database.name(), database.schema());
      this.leftovers = new Leftovers(tenantScripts, lockTimeout);
      this.stop = stop;
    }

    void begin() {
      tries++;
      step = Step.CONNECT;
      well = false;
      side = null;
      server = null;
      guard = null;
      refusedVersion = null;
      after = null;
    }

    TenantResult run() throws SQLException, TenantFailureException {
      open();
      History history = clearLeftovers(readPrepared());
      before = before == null ? history : before;
      after = history;
      Precheck.Verdict verdict = precheck.check(history, tenantScripts);
      if (verdict instanceof Precheck.Verdict.Refused refused) {
        throw refuse(refused);
      }
      realign(precheck.realignments(history));
      if (verdict instanceof Precheck.Verdict.Current current) {
        return result(
            Outcome.AlreadyCurrent, new TenantFailure(current.reason(), current.message()));
      }
      refuseReadOnly();
      after = null;
      Optional<Precheck.Verdict.Refused> refused = applyPending(history);
      if (refused.isPresent()) {
        throw refuse(refused.get());
      }
      after = HistoryReader.rows(connection, database.schema());
      return result(Outcome.Succeeded, new TenantFailure(null, null));
    }

    private void realign(List<Realignment> rows) throws SQLException, TenantFailureException {
      for (Realignment row : rows) {
        refuseReadOnly();
        row.apply(connection, database.schema());
        realigned.add(row.version());
      }
    }

    private Optional<Precheck.Verdict.Refused> applyPending(History history)
        throws SQLException, TenantFailureException {
      try (DatabaseTurn turn =
          new DatabaseTurn(turns.of(database), () -> stop.cause().isPresent())) {
        return flyway.apply(
            connection, database.schema(), tenantScripts, history, remaining(), guard, turn);
      }
    }

    /** Failed entries that can be cleared are, and the history is read anew. */
    private History clearLeftovers(History history) throws SQLException, TenantFailureException {
      if (history.firstFailed().isEmpty()) {
        return history;
      }
      Optional<Precheck.Verdict.Refused> refused =
          leftovers.clear(connection, database.schema(), history);
      if (refused.isPresent()) {
        before = before == null ? history : before;
        after = history;
        throw refuse(refused.get());
      }
      History cleared = HistoryReader.read(connection, database.schema());
      before = before == null ? cleared : before.withoutFailed();
      return cleared;
    }

    /** Flyway would try for seconds to create its table. */
    private void refuseReadOnly() throws TenantFailureException {
      if (server.readOnly()) {
        throw new TenantFailure(
                TenantReason.ReadOnlyServer,
                server.standby()
                    ? "the server is a standby"
                    : "default_transaction_read_only is on for this user, database or server",
                "25006")
            .toException();
      }
    }

    private TenantFailureException refuse(Precheck.Verdict.Refused refused) {
      refusedVersion = refused.version();
      return refused.failure().toException();
    }

    private void open() throws SQLException, TenantFailureException {
      Optional<TenantFailure> problem = TargetNames.problem(database);
      if (problem.isPresent()) {
        throw problem.get().toException();
      }
      Login login = Login.read(credentials, database.credentialsSecretRef());
      lease = sessions.open(database, login, this::remaining);
      connection = lease.connection();
      stop.attach(connection);
      step = Step.WORK;
      side = new SideSession(database, login, applicationName);
      pid = connection.unwrap(PGConnection.class).getBackendPID();
      watch = BlockerWatch.over(stop, side, pid, FlywayLock.key(database.schema()), shortestWait());
      guard =
          new ScriptGuard(
              TenantSession.millis(lockTimeout),
              TenantSession.searchPath(connection, database),
              TenantSession.millis(remaining().plusSeconds(5)),
              leftovers,
              database.schema());
    }

    /** What ends a wait first; a lock timeout of 0 is none. */
    private Duration shortestWait() throws TenantFailureException {
      Duration remaining = remaining();
      return lockTimeout.isZero() || lockTimeout.compareTo(remaining) > 0 ? remaining : lockTimeout;
    }

    private History readPrepared() throws SQLException, TenantFailureException {
      try {
        HistoryReader.First first =
            HistoryReader.read(
                connection,
                database.schema(),
                TenantSession.settings(connection, database, remaining(), lockTimeout));
        server = first.server();
        return first.history();
      } catch (SQLException e) {
        if (database.role() != null && UNKNOWN_ROLE.equals(e.getSQLState())) {
          throw new TenantFailure(
                  TenantReason.InsufficientPrivilege,
                  "role " + database.role() + " does not exist",
                  e.getSQLState())
              .toException();
        }
        throw e;
      }
    }

    Optional<TenantResult> failed(TenantFailure failure) {
      Optional<StopSwitch.Cause> cause = stop.cause();
      // From here on no cancel may arrive: the history is read once more.
      stop.detach();
      if (cause.equals(Optional.of(StopSwitch.Cause.SHUTDOWN))) {
        return Optional.empty();
      }
      lastFailure = cause.isPresent() ? timeout(failure) : blocked(failure);
      readAgain();
      if (cause.isPresent()) {
        lastFailure = lastFailure.and(proveGone());
      }
      return Optional.of(result(Outcome.Failed, lastFailure));
    }

    private TenantFailure timeout(TenantFailure failure) {
      if (step == Step.CONNECT && lastFailure != null) {
        // Why no connection could be made says more than that there was no time for one more try.
        return lastFailure;
      }
      String during = step == Step.CONNECT ? "while connecting" : "its session was cancelled";
      return new TenantFailure(
              TenantReason.TenantTimeout,
              "stopped after " + tenantTimeout.toMillis() + " ms, " + during,
              failure.sqlState())
          .and(blockers());
    }

    private TenantFailure blocked(TenantFailure failure) {
      return failure.reason() == TenantReason.LockTimeout ? failure.and(blockers()) : failure;
    }

    private String blockers() {
      return watch == null ? "" : watch.blockers().map(who -> "; " + who).orElse("");
    }

    private String proveGone() {
      end();
      return side == null ? "" : new BackendEnd(side).prove(pid);
    }

    /** A failure may follow scripts that succeeded: what is applied is said all the same. */
    private void readAgain() {
      if (before == null || after != null || connection == null) {
        return;
      }
      try {
        connection.setNetworkTimeout(Runnable::run, (int) READ_AFTERWARDS.toMillis());
        if (!connection.getAutoCommit()) {
          connection.rollback();
          connection.setAutoCommit(true);
        }
        after = HistoryReader.read(connection, database.schema());
      } catch (SQLException | TenantFailureException e) {
        // The connection is gone: the version after the failure stays unknown.
        after = null;
      }
    }

    private TenantResult result(Outcome outcome, TenantFailure why) {
      boolean inScript = outcome == Outcome.Failed && guard != null;
      String failedVersion =
          refusedVersion != null
              ? refusedVersion.getVersion()
              : inScript ? guard.version().map(MigrationVersion::getVersion).orElse(null) : null;
      List<History.Entry> applied =
          after == null || before == null ? List.of() : after.since(before);
      return new TenantResult(
          outcome,
          why.reason(),
          why.message(),
          why.sqlState(),
          failedVersion,
          before == null ? null : before.current().map(MigrationVersion::getVersion).orElse(null),
          Optional.ofNullable(after).map(this::state),
          applied.stream()
              .skip(Math.max(0, applied.size() - LISTED))
              .map(Attempt::migration)
              .toList(),
          realigned.stream().map(MigrationVersion::getVersion).limit(LISTED).toList(),
          start,
          elapsed(),
          tries);
    }

    private static AppliedMigration migration(History.Entry entry) {
      return new AppliedMigration(
          entry.version() == null ? entry.description() : entry.version().getVersion(),
          entry.millis());
    }

    private TenantResult.SchemaState state(History history) {
      return new TenantResult.SchemaState(
          history.current().map(MigrationVersion::getVersion).orElse(null),
          bundle
              .minCompatibleCodeVersion(history.appliedVersions())
              .map(Semver::getVersion)
              .orElse(null),
          before.applied().isEmpty());
    }

    private Duration elapsed() {
      return Duration.ofNanos(nanoTime.getAsLong() - startNanos);
    }

    private Duration remaining() throws TenantFailureException {
      Duration remaining = tenantTimeout.minus(elapsed());
      if (remaining.isNegative() || remaining.isZero() || stop.cause().isPresent()) {
        throw timeout(new TenantFailure(TenantReason.TenantTimeout, null)).toException();
      }
      return remaining;
    }

    /** Ends a try. Its connection is not used again. */
    void end() {
      stop.detach();
      if (watch != null) {
        watch.close();
        watch = null;
      }
      if (lease == null) {
        return;
      }
      SessionLease ended = lease;
      lease = null;
      connection = null;
      // A cancel that was sent may arrive late, and must not find another tenant there.
      if (well && stop.cause().isEmpty()) {
        ended.giveBack();
      } else {
        ended.end();
      }
    }
  }
}
