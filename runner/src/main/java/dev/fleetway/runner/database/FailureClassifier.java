package dev.fleetway.runner.database;

import dev.fleetway.api.v1alpha1.TenantReason;
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
final class FailureClassifier {
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
          "3D000", TenantReason.DatabaseMissing,
          "3F000", TenantReason.SchemaMissing,
          "42501", TenantReason.InsufficientPrivilege,
          "53300", TenantReason.TooManyConnections,
          "55P03", TenantReason.LockTimeout);

  private FailureClassifier() {}

  static TenantFailure classify(Throwable thrown, Step step) {
    List<Throwable> chain = chain(thrown);
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
      return fromDriver(sql.get().getSQLState());
    }
    return first(chain, FlywayException.class)
        .map(FailureClassifier::fromFlyway)
        .orElseGet(
            () ->
                new TenantFailure(
                    TenantReason.RunnerError, "unexpected " + thrown.getClass().getName()));
  }

  private static TenantFailure fromServer(ServerErrorMessage error, Step step) {
    String state = error.getSQLState() == null ? "" : error.getSQLState();
    return new TenantFailure(reason(state, step), ServerMessage.of(error), error.getSQLState());
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
      return new TenantFailure(TenantReason.TlsFailed, "the TLS handshake failed");
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
    return new TenantFailure(TenantReason.ConnectionTimeout, "the connection was not made in time");
  }

  private static TenantFailure fromDriver(String state) {
    if (state != null && state.startsWith("08")) {
      return new TenantFailure(
          TenantReason.ConnectionTimeout, "the connection was lost during the migration", state);
    }
    return new TenantFailure(
        TenantReason.SqlError, "the driver could not carry out a statement of the script", state);
  }

  /** Flyway's own refusals. The precheck gives better ones; these are for a race with others. */
  private static TenantFailure fromFlyway(FlywayException e) {
    if (e.getErrorCode() instanceof CoreErrorCode code) {
      switch (code) {
        case CHECKSUM_MISMATCH, DESCRIPTION_MISMATCH, TYPE_MISMATCH -> {
          return new TenantFailure(TenantReason.ChecksumMismatch, "Flyway: " + code);
        }
        case FAILED_VERSIONED_MIGRATION -> {
          return new TenantFailure(TenantReason.FailedMigrationEntry, "Flyway: " + code);
        }
        case NON_EMPTY_SCHEMA_WITHOUT_SCHEMA_HISTORY_TABLE -> {
          return new TenantFailure(TenantReason.HistoryMissing, "Flyway: " + code);
        }
        case SCHEMA_DOES_NOT_EXIST -> {
          return new TenantFailure(TenantReason.SchemaMissing, "Flyway: " + code);
        }
        default -> {
          return new TenantFailure(TenantReason.SqlError, "Flyway refused: " + code);
        }
      }
    }
    return new TenantFailure(TenantReason.SqlError, "Flyway refused without an SQL error");
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
