package dev.fleetway.runner.database;

import dev.fleetway.api.v1alpha1.TenantReason;
import dev.fleetway.runner.database.failure.ServerMessage;
import dev.fleetway.runner.database.failure.TenantFailure;
import dev.fleetway.runner.database.failure.TenantFailure.TenantFailureException;
import dev.fleetway.runner.database.session.TlsRefusal;
import java.io.EOFException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.GeneralSecurityException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLException;
import org.flywaydb.core.api.CoreErrorCode;
import org.flywaydb.core.api.FlywayException;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * From an exception to a reason. Pure. The texts of exceptions are never passed on, because Flyway
 * and the driver put details and statements into them: only {@link ServerMessage} speaks.
 */
public final class FailureClassifier {
  /** Where the exception came from. */
  enum Step {
    /** Opening the connection. */
    CONNECT,
    /** Everything on an open connection. */
    WORK
  }

  private static final Set<String> DRIFT =
      Set.of(
          "42P01", "42P06", "42P07", "42701", "42702", "42703", "42704", "42710", "42712", "42723",
          "42725", "42883", "42P16");
  private static final Map<String, TenantReason> STATES =
      Map.of(
          "25006", TenantReason.ReadOnlyServer,
          "3D000", TenantReason.DatabaseMissing,
          "3F000", TenantReason.SchemaMissing,
          "42501", TenantReason.InsufficientPrivilege,
          "53100", TenantReason.DiskFull,
          "53300", TenantReason.TooManyConnections,
          "55P03", TenantReason.LockTimeout);

  /** The driver's setting is in its message, in every language. */
  private static final String RESULT_LIMIT = "maxResultBuffer";

  private FailureClassifier() {}

  static TenantFailure classify(Throwable thrown, Step step) {
    List<Throwable> chain = chain(thrown);
    Optional<TenantFailureException> said = first(chain, TenantFailureException.class);
    if (said.isPresent()) {
      // Our own words, on their way through Flyway.
      return said.get().failure();
    }
    Optional<ServerErrorMessage> server =
        first(chain, PSQLException.class).map(PSQLException::getServerErrorMessage);
    if (server.isPresent()) {
      return fromServer(server.get(), step);
    }
    if (step == Step.CONNECT) {
      return fromConnecting(chain);
    }
    Optional<SQLException> sql = first(chain, SQLException.class);
    if (sql.isPresent()) {
      return fromDriver(sql.get());
    }
    return first(chain, FlywayException.class)
        .map(FailureClassifier::fromFlyway)
        .orElseGet(() -> unexpected(thrown));
  }

  private static TenantFailure unexpected(Throwable thrown) {
    return new TenantFailure(TenantReason.RunnerError, "unexpected " + thrown.getClass().getName());
  }

  private static TenantFailure fromServer(ServerErrorMessage error, Step step) {
    String state = error.getSQLState() == null ? "" : error.getSQLState();
    return new TenantFailure(
        reason(state, step), ServerMessage.of(error) + advice(error, state), error.getSQLState());
  }

  /** The login was refused before any password was asked for: most often the server wants TLS. */
  private static String advice(ServerErrorMessage error, String state) {
    String message = error.getMessage() == null ? "" : error.getMessage();
    if (!state.equals("28000") || !message.contains("pg_hba.conf")) {
      return "";
    }
    // The words of servers that speak English; of any other the probable cause stays probable.
    return message.contains("SSL encryption")
        ? "; the connection had TLS: the server's pg_hba.conf must admit this user and address"
        : "; probably the server demands TLS: set sslMode to require or higher";
  }

  private static TenantReason reason(String state, Step step) {
    if (STATES.containsKey(state)) {
      return STATES.get(state);
    }
    if (state.startsWith("28")) {
      return TenantReason.AuthenticationFailed;
    }
    if (state.startsWith("23")) {
      return TenantReason.ConstraintViolation;
    }
    if (DRIFT.contains(state)) {
      return TenantReason.SchemaDrift;
    }
    // The server itself has no quarrel with what the driver sends at the start; PgBouncer has.
    if (step == Step.CONNECT && state.equals("08P01")) {
      return TenantReason.PoolerNotSupported;
    }
    // Starting up, shutting down: for a client that connects, nobody is at home.
    return step == Step.CONNECT && state.startsWith("57P")
        ? TenantReason.ConnectionRefused
        : TenantReason.SqlError;
  }

  private static TenantFailure fromConnecting(List<Throwable> chain) {
    String state = first(chain, SQLException.class).map(SQLException::getSQLState).orElse(null);
    if (first(chain, UnknownHostException.class).isPresent()) {
      return new TenantFailure(TenantReason.HostUnknown, "the host name does not resolve");
    }
    if (first(chain, SSLException.class).isPresent()
        || first(chain, GeneralSecurityException.class).isPresent()) {
      return TlsRefusal.of(chain);
    }
    if (first(chain, SocketTimeoutException.class).isPresent()) {
      return new TenantFailure(TenantReason.ConnectionTimeout, "the server did not answer in time");
    }
    if (first(chain, NoRouteToHostException.class).isPresent()) {
      return new TenantFailure(TenantReason.ConnectionTimeout, "there is no route to the host");
    }
    if (first(chain, ConnectException.class).isPresent()) {
      return new TenantFailure(TenantReason.ConnectionRefused, "the connection was refused");
    }
    if (first(chain, EOFException.class).isPresent()
        || first(chain, SocketException.class).isPresent()) {
      return new TenantFailure(
          TenantReason.ConnectionRefused, "the connection was closed before the login");
    }
    if ("08006".equals(state)) {
      return new TenantFailure(
          TenantReason.TlsFailed,
          "the connection ended during its set-up, or its certificate"
              + " does not belong to the host");
    }
    if ("08004".equals(state)) {
      return new TenantFailure(
          TenantReason.AuthenticationFailed,
          "server and settings do not agree on TLS or on the way to log in");
    }
    Optional<RuntimeException> unexpected = first(chain, RuntimeException.class);
    if (unexpected.isPresent()) {
      return unexpected(unexpected.get());
    }
    return new TenantFailure(TenantReason.ConnectionTimeout, "the connection was not made in time");
  }

  private static TenantFailure fromDriver(SQLException e) {
    String message = e.getMessage() == null ? "" : e.getMessage();
    if (message.contains(RESULT_LIMIT)) {
      return new TenantFailure(
          TenantReason.SqlError,
          "a statement returned more than the pod has room for: let the script return nothing, as"
              + " with PERFORM in a DO block or CREATE TABLE AS, or raise runner.resources");
    }
    String state = e.getSQLState();
    if (state != null && state.startsWith("08")) {
      return new TenantFailure(
          TenantReason.ConnectionTimeout, "the connection was lost during the migration", state);
    }
    return new TenantFailure(
        TenantReason.SqlError, "the driver could not carry out a statement of the script", state);
  }

  /** Flyway's other refusals, none of which a well-set runner should meet but in a race. */
  private static TenantFailure fromFlyway(FlywayException e) {
    return e.getErrorCode() == CoreErrorCode.NON_EMPTY_SCHEMA_WITHOUT_SCHEMA_HISTORY_TABLE
        ? new TenantFailure(
            TenantReason.HistoryMissing, "the schema is not empty and has no history table")
        : new TenantFailure(TenantReason.RunnerError, "Flyway refused: " + e.getErrorCode());
  }

  private static <T> Optional<T> first(List<Throwable> chain, Class<T> type) {
    return chain.stream().filter(type::isInstance).map(type::cast).findFirst();
  }

  private static List<Throwable> chain(Throwable thrown) {
    Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    List<Throwable> chain = new ArrayList<>();
    for (Throwable t = thrown; t != null && seen.add(t); t = t.getCause()) {
      chain.add(t);
    }
    return chain;
  }
}
