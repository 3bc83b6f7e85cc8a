package dev.fleetway.runner.database;

import dev.fleetway.api.pod.Assignment;
import dev.fleetway.api.v1alpha1.TenantReason;
import dev.fleetway.api.v1alpha1.TenantSpec;
import dev.fleetway.api.v1alpha1.TenantStatus.Problem;
import dev.fleetway.runner.bundle.Bundle;
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

/**
 * Mode Plan: looks at one tenant and says what a run would do there, by the very rules that {@link
 * TenantMigration} goes by before it calls Flyway. It never calls Flyway and never writes: a login
 * that may only SELECT will do. What it tries again, for half a minute, is the connection alone.
 */
public final class TenantSurvey implements TenantWork {
  /** A plan is to be had soon, though a part of the fleet may be away for longer. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final PlanJudgement judgement;
  private final SharedSessions sessions;
  private final Path credentials;
  private final Duration tenantTimeout;
  private final Duration lockTimeout;
  private final int retries;
  private final Clock clock;
  private final LongSupplier nanoTime;

  /**
   * @param clock for the times that people read
   * @param nanoTime for durations and deadlines, which a corrected wall clock must not move
   */
  public TenantSurvey(
      Assignment assignment,
      Bundle bundle,
      MigrationVersion head,
      Path credentials,
      Clock clock,
      LongSupplier nanoTime) {
    this.judgement = new PlanJudgement(assignment.migrations(), bundle, head);
    this.credentials = credentials;
    this.tenantTimeout = Duration.ofMillis(assignment.limits().tenantTimeoutMillis());
    this.lockTimeout = Duration.ofMillis(assignment.limits().lockTimeoutMillis());
    this.sessions =
        new SharedSessions(
            "fleetway " + assignment.run(),
            PlanSession.options(tenantTimeout, lockTimeout),
            assignment.limits());
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
  public Optional<TenantPlan> perform(
      Assignment.Member member, StopSwitch stop, Consumer<Tries.Retry> onRetry) {
    long start = nanoTime.getAsLong();
    Instant time = clock.instant();
    stop.arm(tenantTimeout);
    try {
      return new Tries<TenantPlan>(retries, stop, () -> remaining(start, PATIENCE), onRetry)
          .run(() -> look(new Look(member, stop, time, start)));
    } finally {
      stop.close();
      sessions.done(member.database());
    }
  }

  private static Optional<TenantPlan> look(Look look) {
    try {
      TenantPlan plan = look.plan();
      look.well = true;
      return Optional.of(plan);
    } catch (TenantFailureException e) {
      return look.failed(e.failure());
    } catch (SQLException | RuntimeException e) {
      return look.failed(FailureClassifier.classify(e, look.step));
    } finally {
      look.close();
    }
  }

  /** What is left of the tenant's time, or of a shorter one. */
  private Duration remaining(long start, Duration most) {
    Duration whole = most.compareTo(tenantTimeout) < 0 ? most : tenantTimeout;
    return whole.minusNanos(nanoTime.getAsLong() - start);
  }

  /** The state of one look. */
  private final class Look {
    private final Assignment.Member member;
    private final TenantSpec.Database database;
    private final StopSwitch stop;
    private final Instant time;
    private final long start;
    private final List<Problem> problems = new ArrayList<>();
    private Step step = Step.CONNECT;
    private SessionLease lease;
    private Connection connection;
    private boolean well;

    Look(Assignment.Member member, StopSwitch stop, Instant time, long start) {
      this.member = member;
      this.database = member.database();
      this.stop = stop;
      this.time = time;
      this.start = start;
    }

    TenantPlan plan() throws SQLException, TenantFailureException {
      PlanSession session = open();
      PlanSession.Facts facts = session.facts();
      judgement.ofServer(facts, database).forEach(this::add);
      if (!facts.schemaExists()) {
        throw new TenantFailure(
                TenantReason.SchemaMissing, "schema " + database.schema() + " does not exist")
            .toException();
      }
      History history = session.history(facts);
      TenantScripts scripts = judgement.scriptsOf(member);
      PlanJudgement.Verdict verdict =
          judgement.of(
              history,
              new Leftovers(scripts, lockTimeout).refusals(connection, database.schema(), history),
              scripts);
      problems.addAll(verdict.problems());
      return new TenantPlan(
          history.current().map(MigrationVersion::getVersion),
          verdict.pending(),
          problems,
          time,
          elapsed());
    }

    private PlanSession open() throws SQLException, TenantFailureException {
      Optional<TenantFailure> problem = TargetNames.problem(database);
      if (problem.isPresent()) {
        throw problem.get().toException();
      }
      Login login = Login.read(credentials, database.credentialsSecretRef());
      lease = sessions.open(database, login, this::remaining);
      connection = lease.connection();
      stop.attach(connection);
      step = Step.WORK;
      return PlanSession.begin(connection, database);
    }

    Optional<TenantPlan> failed(TenantFailure failure) {
      Optional<StopSwitch.Cause> cause = stop.cause();
      if (cause.equals(Optional.of(StopSwitch.Cause.SHUTDOWN))) {
        return Optional.empty();
      }
      add(cause.isPresent() ? timeout() : failure);
      return Optional.of(
          new TenantPlan(Optional.empty(), Optional.empty(), problems, time, elapsed()));
    }

    private void add(TenantFailure failure) {
      problems.add(PlanJudgement.problem(failure, null));
    }

    private TenantFailure timeout() {
      return new TenantFailure(
          TenantReason.TenantTimeout,
          "stopped after "
              + tenantTimeout.toMillis()
              + " ms, while "
              + (step == Step.CONNECT ? "connecting" : "reading"));
    }

    private Duration elapsed() {
      return Duration.ofNanos(nanoTime.getAsLong() - start);
    }

    private Duration remaining() throws TenantFailureException {
      Duration remaining = TenantSurvey.this.remaining(start, tenantTimeout);
      if (remaining.isNegative() || remaining.isZero() || stop.cause().isPresent()) {
        throw timeout().toException();
      }
      return remaining;
    }

    void close() {
      stop.detach();
      if (lease == null) {
        return;
      }
      // A cancel that was sent may arrive late, and must not find another tenant there.
      if (well && stop.cause().isEmpty()) {
        lease.giveBack();
      } else {
        lease.end();
      }
    }
  }
}
