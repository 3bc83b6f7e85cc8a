package dev.fleetway.runner.database;

import dev.fleetway.api.pod.Assignment;
import dev.fleetway.api.v1alpha1.TenantReason;
import dev.fleetway.api.v1alpha1.TenantSpec;
import dev.fleetway.api.v1alpha1.TenantStatus.Outcome;
import dev.fleetway.runner.bundle.TenantScripts;
import dev.fleetway.runner.database.FailureClassifier.Step;
import dev.fleetway.runner.database.failure.TenantFailure;
import dev.fleetway.runner.database.failure.TenantFailure.TenantFailureException;
import dev.fleetway.runner.database.flyway.DatabaseTurn;
import dev.fleetway.runner.database.flyway.OneConnection;
import dev.fleetway.runner.database.flyway.ScriptGuard;
import dev.fleetway.runner.database.history.FlywayLock;
import dev.fleetway.runner.database.history.History;
import dev.fleetway.runner.database.history.HistoryReader;
import dev.fleetway.runner.database.history.Precheck;
import dev.fleetway.runner.database.history.Realignment;
import dev.fleetway.runner.database.leftover.Leftovers;
import dev.fleetway.runner.database.session.BackendEnd;
import dev.fleetway.runner.database.session.BlockerWatch;
import dev.fleetway.runner.database.session.SessionSettings;
import dev.fleetway.runner.database.session.StopSwitch;
import dev.fleetway.runner.database.session.TenantSession;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.flywaydb.core.api.MigrationVersion;

/** One tenant's way through a migration, over every try. */
final class MigrationAttempt {
  private static final String UNKNOWN_ROLE = "22023";
  private static final Duration READ_AFTERWARDS = Duration.ofSeconds(5);

  private final TenantMigration.Engine engine;
  private final TenantAccess access;
  private final TenantSpec.Database database;
  private final TenantScripts scripts;
  private final Leftovers leftovers;
  private final TenantTime time;
  private final StopSwitch stop;
  private final HistoryChange change = new HistoryChange();
  private int tries;
  private TenantFailure lastFailure;

  // Of the try that is under way.
  private Visit visit;
  private Connection connection;
  private BlockerWatch watch;
  private SessionSettings.Server server;
  private ScriptGuard guard;
  private MigrationVersion refusedVersion;

  MigrationAttempt(
      TenantMigration.Engine engine,
      TenantAccess access,
      Assignment.Member tenant,
      TenantTime time,
      StopSwitch stop) {
    this.engine = engine;
    this.access = access;
    this.database = tenant.database();
    this.scripts = engine.scripts().forTenant(tenant.name(), database.name(), database.schema());
    this.leftovers = new Leftovers(scripts, access.lockTimeout());
    this.time = time;
    this.stop = stop;
  }

  /** One try; empty when the pod's end stopped it. */
  Optional<TenantResult> once() {
    begin();
    try {
      TenantResult result = run();
      visit.wentWell();
      return Optional.of(result);
    } catch (TenantFailureException e) {
      return failed(e.failure());
    } catch (SQLException | RuntimeException e) {
      return failed(FailureClassifier.classify(e, visit.step()));
    } finally {
      end();
    }
  }

  private void begin() {
    tries++;
    visit = access.visit(database, stop);
    connection = null;
    server = null;
    guard = null;
    refusedVersion = null;
    change.begin();
  }

  private TenantResult run() throws SQLException, TenantFailureException {
    open();
    History history = clearLeftovers(readPrepared());
    change.found(history);
    Precheck.Verdict verdict = engine.precheck().check(history, scripts);
    if (verdict instanceof Precheck.Verdict.Refused refused) {
      throw refuse(refused);
    }
    realign(engine.precheck().realignments(history));
    if (verdict instanceof Precheck.Verdict.Current current) {
      return result(Outcome.AlreadyCurrent, new TenantFailure(current.reason(), current.message()));
    }
    refuseReadOnly();
    change.begin();
    Optional<Precheck.Verdict.Refused> refused = applyPending(history);
    if (refused.isPresent()) {
      throw refuse(refused.get());
    }
    change.ended(HistoryReader.rows(connection, database.schema()));
    return result(Outcome.Succeeded, new TenantFailure(null, null));
  }

  private void open() throws SQLException, TenantFailureException {
    connection = visit.open(this::remaining);
    watch =
        BlockerWatch.over(
            stop,
            visit.side().orElseThrow(),
            visit.pid(),
            FlywayLock.key(database.schema()),
            shortestWait());
    guard =
        new ScriptGuard(
            TenantSession.millis(access.lockTimeout()),
            TenantSession.searchPath(connection, database),
            TenantSession.millis(remaining().plusSeconds(5)),
            leftovers,
            database.schema());
  }

  /** What ends a wait first; a lock timeout of 0 is none. */
  private Duration shortestWait() throws TenantFailureException {
    Duration remaining = remaining();
    Duration lockTimeout = access.lockTimeout();
    return lockTimeout.isZero() || lockTimeout.compareTo(remaining) > 0 ? remaining : lockTimeout;
  }

  private History readPrepared() throws SQLException, TenantFailureException {
    try {
      HistoryReader.First first =
          HistoryReader.read(
              connection,
              database.schema(),
              TenantSession.settings(connection, database, remaining(), access.lockTimeout()));
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

  /** Failed entries that can be cleared are, and the history is read anew. */
  private History clearLeftovers(History history) throws SQLException, TenantFailureException {
    if (history.firstFailed().isEmpty()) {
      return history;
    }
    Optional<Precheck.Verdict.Refused> refused =
        leftovers.clear(connection, database.schema(), history);
    if (refused.isPresent()) {
      change.found(history);
      throw refuse(refused.get());
    }
    History cleared = HistoryReader.read(connection, database.schema());
    change.cleared(cleared);
    return cleared;
  }

  private void realign(List<Realignment> rows) throws SQLException, TenantFailureException {
    for (Realignment row : rows) {
      refuseReadOnly();
      row.apply(connection, database.schema());
      change.realigned(row.version());
    }
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

  private Optional<Precheck.Verdict.Refused> applyPending(History history)
      throws SQLException, TenantFailureException {
    try (DatabaseTurn turn =
            new DatabaseTurn(engine.turns().of(database), () -> stop.cause().isPresent());
        OneConnection session =
            new OneConnection(connection, !history.entries().isEmpty(), guard, stop)) {
      return engine.flyway().apply(session, database.schema(), scripts, history, remaining(), turn);
    }
  }

  private Duration remaining() throws TenantFailureException {
    if (time.isOver(stop)) {
      throw timeout(new TenantFailure(TenantReason.TenantTimeout, null)).toException();
    }
    return time.left();
  }

  private Optional<TenantResult> failed(TenantFailure failure) {
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
    if (visit.step() == Step.CONNECT && lastFailure != null) {
      // Why no connection could be made says more than that there was no time for one more try.
      return lastFailure;
    }
    String during = visit.step() == Step.CONNECT ? "while connecting" : "its session was cancelled";
    return new TenantFailure(
            TenantReason.TenantTimeout,
            "stopped after " + time.timeout().toMillis() + " ms, " + during,
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
    return visit.side().map(side -> new BackendEnd(side).prove(visit.pid())).orElse("");
  }

  /** A failure may follow scripts that succeeded: what is applied is said all the same. */
  private void readAgain() {
    if (!change.isUnknown() || connection == null) {
      return;
    }
    try {
      connection.setNetworkTimeout(Runnable::run, (int) READ_AFTERWARDS.toMillis());
      if (!connection.getAutoCommit()) {
        connection.rollback();
        connection.setAutoCommit(true);
      }
      change.ended(HistoryReader.read(connection, database.schema()));
    } catch (SQLException | TenantFailureException e) {
      // The connection is gone: the version after the failure stays unknown.
      change.begin();
    }
  }

  private TenantResult result(Outcome outcome, TenantFailure why) {
    return new TenantResult(
        outcome,
        why.reason(),
        why.message(),
        why.sqlState(),
        failedVersion(outcome).map(MigrationVersion::getVersion).orElse(null),
        change.fromVersion(),
        change.state(engine.bundle()),
        change.applied(),
        change.realigned(),
        time.start(),
        time.elapsed(),
        tries);
  }

  private Optional<MigrationVersion> failedVersion(Outcome outcome) {
    if (refusedVersion != null) {
      return Optional.of(refusedVersion);
    }
    return outcome == Outcome.Failed && guard != null ? guard.version() : Optional.empty();
  }

  private void end() {
    // First: what it sees of a session that is given back would be another tenant's.
    stop.detach();
    if (watch != null) {
      watch.close();
      watch = null;
    }
    connection = null;
    visit.end();
  }
}
