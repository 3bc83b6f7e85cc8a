package dev.fleetway.runner.database;

import dev.fleetway.api.v1alpha1.TenantSpec;
import dev.fleetway.runner.database.FailureClassifier.Step;
import dev.fleetway.runner.database.failure.TenantFailure;
import dev.fleetway.runner.database.failure.TenantFailure.TenantFailureException;
import dev.fleetway.runner.database.session.Login;
import dev.fleetway.runner.database.session.SessionLease;
import dev.fleetway.runner.database.session.SharedSessions;
import dev.fleetway.runner.database.session.SharedSessions.Remaining;
import dev.fleetway.runner.database.session.SideSession;
import dev.fleetway.runner.database.session.StopSwitch;
import dev.fleetway.runner.database.session.TargetNames;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import org.postgresql.PGConnection;

/**
 * One try's session with a tenant's database: from the checked address to the end of the session,
 * or its return for the next tenant.
 */
final class Visit {
  private final TenantSpec.Database database;
  private final Path credentials;
  private final String applicationName;
  private final SharedSessions sessions;
  private final StopSwitch stop;
  private Step step = Step.CONNECT;
  private SessionLease lease;
  private SideSession side;
  private int pid;
  private boolean well;

  Visit(
      TenantSpec.Database database,
      Path credentials,
      String applicationName,
      SharedSessions sessions,
      StopSwitch stop) {
    this.database = database;
    this.credentials = credentials;
    this.applicationName = applicationName;
    this.sessions = sessions;
    this.stop = stop;
  }

  /** Opens the session, which the stop switch ends from now on. */
  Connection open(Remaining remaining) throws SQLException, TenantFailureException {
    Optional<TenantFailure> problem = TargetNames.problem(database);
    if (problem.isPresent()) {
      throw problem.get().toException();
    }
    Login login = Login.read(credentials, database.credentialsSecretRef());
    lease = sessions.open(database, login, remaining);
    stop.attach(lease.connection());
    step = Step.WORK;
    side = new SideSession(database, login, applicationName);
    pid = lease.connection().unwrap(PGConnection.class).getBackendPID();
    return lease.connection();
  }

  /** How far it came. */
  Step step() {
    return step;
  }

  /** To look at the session from outside; empty when there never was one. */
  Optional<SideSession> side() {
    return Optional.ofNullable(side);
  }

  /** The session's process on the server. */
  int pid() {
    return pid;
  }

  /** The try came to its end: nothing failed, and nothing is under way. */
  void wentWell() {
    well = true;
  }

  /** Ends the try. Its connection is not used again by this one. */
  void end() {
    stop.detach();
    if (lease == null) {
      return;
    }
    SessionLease ended = lease;
    lease = null;
    // A cancel that was sent may arrive late, and must not find another tenant there.
    if (well && stop.cause().isEmpty()) {
      ended.giveBack();
    } else {
      ended.end();
    }
  }
}
