package dev.fleetway.runner.database;

import dev.fleetway.api.pod.Assignment;
import dev.fleetway.api.v1alpha1.TenantReason;
import dev.fleetway.api.v1alpha1.TenantSpec;
import dev.fleetway.api.v1alpha1.TenantStatus.Problem;
import dev.fleetway.runner.bundle.Bundle;
import dev.fleetway.runner.bundle.TenantScripts;
import dev.fleetway.runner.database.FailureClassifier.Step;
import dev.fleetway.runner.database.failure.TenantFailure;
import dev.fleetway.runner.database.failure.TenantFailure.TenantFailureException;
import dev.fleetway.runner.database.history.History;
import dev.fleetway.runner.database.history.Precheck;
import dev.fleetway.runner.database.leftover.Leftovers;
import dev.fleetway.runner.database.session.StopSwitch;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
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
  private final TenantAccess access;

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
    this.access = TenantAccess.toPlan(assignment, credentials, clock, nanoTime);
  }

  @Override
  public void expect(List<Assignment.Member> members) {
    access.sessions().expect(members);
  }

  @Override
  public void release() {
    access.sessions().release();
  }

  @Override
  public Optional<TenantPlan> perform(
      Assignment.Member member, StopSwitch stop, Consumer<Tries.Retry> onRetry) {
    TenantTime time = access.begin();
    stop.arm(time.timeout());
    try {
      return new Tries<TenantPlan>(access.retries(), stop, () -> time.leftOf(PATIENCE), onRetry)
          .run(() -> look(new Look(member, stop, time)));
    } finally {
      stop.close();
      access.sessions().done(member.database());
    }
  }

  private static Optional<TenantPlan> look(Look look) {
    try {
      TenantPlan plan = look.plan();
      look.visit.wentWell();
      return Optional.of(plan);
    } catch (TenantFailureException e) {
      return look.failed(e.failure());
    } catch (SQLException | RuntimeException e) {
      return look.failed(FailureClassifier.classify(e, look.visit.step()));
    } finally {
      look.visit.end();
    }
  }

  /** The state of one look. */
  private final class Look {
    private final Assignment.Member member;
    private final TenantSpec.Database database;
    private final StopSwitch stop;
    private final TenantTime time;
    private final Visit visit;
    private final List<Problem> problems = new ArrayList<>();

    Look(Assignment.Member member, StopSwitch stop, TenantTime time) {
      this.member = member;
      this.database = member.database();
      this.stop = stop;
      this.time = time;
      this.visit = access.visit(database, stop);
    }

    TenantPlan plan() throws SQLException, TenantFailureException {
      Connection connection = visit.open(this::remaining);
      PlanSession session = PlanSession.begin(connection, database);
      PlanSession.Facts facts = session.facts();
      judgement.ofServer(facts, database).forEach(this::add);
      if (!facts.schemaExists()) {
        throw new TenantFailure(
                TenantReason.SchemaMissing, "schema " + database.schema() + " does not exist")
            .toException();
      }
      History history = session.history(facts);
      TenantScripts scripts = judgement.scriptsOf(member);
      Optional<Precheck.Verdict.Pending> pending = judgement.pending(history, scripts);
      List<Precheck.Verdict.Refused> leftovers = leftovers(connection, scripts, history, pending);
      PlanJudgement.Verdict verdict = judgement.of(history, pending, leftovers);
      problems.addAll(verdict.problems());
      return new TenantPlan(
          history.current().map(MigrationVersion::getVersion),
          verdict.pending(),
          problems,
          time.start(),
          time.elapsed());
    }

    /** Failed entries that would stay, then indexes in the way of the other pending scripts. */
    private List<Precheck.Verdict.Refused> leftovers(
        Connection connection,
        TenantScripts scripts,
        History history,
        Optional<Precheck.Verdict.Pending> pending)
        throws SQLException {
      Leftovers leftovers = new Leftovers(scripts, access.lockTimeout());
      List<Precheck.Verdict.Refused> refusals =
          new ArrayList<>(leftovers.refusals(connection, database.schema(), history));
      List<MigrationVersion> said =
          refusals.stream().map(Precheck.Verdict.Refused::version).toList();
      List<MigrationVersion> versions =
          pending.map(Precheck.Verdict.Pending::versions).orElse(List.of());
      leftovers.inTheWay(connection, database.schema(), versions).stream()
          .filter(refused -> !said.contains(refused.version()))
          .forEach(refusals::add);
      return refusals;
    }

    Optional<TenantPlan> failed(TenantFailure failure) {
      Optional<StopSwitch.Cause> cause = stop.cause();
      if (cause.equals(Optional.of(StopSwitch.Cause.SHUTDOWN))) {
        return Optional.empty();
      }
      add(cause.isPresent() ? timeout() : failure);
      return Optional.of(
          new TenantPlan(
              Optional.empty(), Optional.empty(), problems, time.start(), time.elapsed()));
    }

    private void add(TenantFailure failure) {
      problems.add(PlanJudgement.problem(failure, null));
    }

    private TenantFailure timeout() {
      return new TenantFailure(
          TenantReason.TenantTimeout,
          "stopped after "
              + time.timeout().toMillis()
              + " ms, while "
              + (visit.step() == Step.CONNECT ? "connecting" : "reading"));
    }

    private Duration remaining() throws TenantFailureException {
      if (time.isOver(stop)) {
        throw timeout().toException();
      }
      return time.left();
    }
  }
}
