package dev.fleetway.runner.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetway.api.v1alpha1.TenantReason;
import dev.fleetway.runner.database.FailureClassifier.Step;
import dev.fleetway.runner.database.failure.ServerMessageTest;
import dev.fleetway.runner.database.failure.TenantFailure;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.flywaydb.core.api.CoreErrorCode;
import org.flywaydb.core.api.FlywayException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.postgresql.util.PSQLException;

class FailureClassifierTest {
  @ParameterizedTest
  @CsvSource({
    "28P01, CONNECT, AuthenticationFailed",
    "28000, CONNECT, AuthenticationFailed",
    "3D000, CONNECT, DatabaseMissing",
    "53300, CONNECT, TooManyConnections",
    "57P03, CONNECT, ConnectionRefused",
    "08P01, CONNECT, PoolerNotSupported",
    "08P01, WORK, SqlError",
    "25006, WORK, ReadOnlyServer",
    "53100, WORK, DiskFull",
    "53300, WORK, TooManyConnections",
    "42501, CONNECT, InsufficientPrivilege",
    "42501, WORK, InsufficientPrivilege",
    "3F000, WORK, SchemaMissing",
    "55P03, WORK, LockTimeout",
    "23505, WORK, ConstraintViolation",
    "23502, WORK, ConstraintViolation",
    "42P07, WORK, SchemaDrift",
    "42701, WORK, SchemaDrift",
    "42P01, WORK, SchemaDrift",
    "42703, WORK, SchemaDrift",
    "42710, WORK, SchemaDrift",
    "42601, WORK, SqlError",
    "22P02, WORK, SqlError",
    "57P01, WORK, SqlError",
    "XX000, WORK, SqlError",
  })
  void theServersStateDecides(String state, Step step, TenantReason reason) {
    FlywayException wrapped =
        new FlywayException(
            "Detail: Key (email)=(ada@example.test)",
            new PSQLException(ServerMessageTest.error("C" + state, "Msome words")));

    TenantFailure failure = FailureClassifier.classify(wrapped, step);

    assertThat(failure.reason()).isEqualTo(reason);
    assertThat(failure.sqlState()).isEqualTo(state);
    assertThat(failure.message()).isEqualTo("some words");
  }

  @ParameterizedTest
  @MethodSource
  void theCauseOfAFailedConnectionDecides(Throwable cause, String state, TenantReason reason) {
    SQLException thrown = new SQLException("The connection attempt failed.", state, cause);

    assertThat(FailureClassifier.classify(thrown, Step.CONNECT).reason()).isEqualTo(reason);
  }

  static Stream<Arguments> theCauseOfAFailedConnectionDecides() {
    return Stream.of(
        Arguments.of(new ConnectException(), "08001", TenantReason.ConnectionRefused),
        Arguments.of(new UnknownHostException(), "08001", TenantReason.HostUnknown),
        Arguments.of(new SocketTimeoutException(), "08001", TenantReason.ConnectionTimeout),
        Arguments.of(new NoRouteToHostException(), "08001", TenantReason.ConnectionTimeout),
        Arguments.of(new SSLHandshakeException(""), "08006", TenantReason.TlsFailed),
        Arguments.of(null, "08006", TenantReason.TlsFailed),
        Arguments.of(null, "08004", TenantReason.AuthenticationFailed),
        Arguments.of(null, "08001", TenantReason.ConnectionTimeout));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "no pg_hba.conf entry for host \"10.0.0.7\", user \"acme\", "
            + "database \"acme\", no encryption"
            + " | probably the server demands TLS: set sslMode to require or higher",
        "no pg_hba.conf entry for host \"10.0.0.7\", user \"acme\", "
            + "database \"acme\", SSL encryption"
            + " | the connection had TLS",
      })
  void aLoginThatPgHbaRefusesSaysWhetherTlsIsTheProbableCause(String message, String advice) {
    TenantFailure failure =
        FailureClassifier.classify(
            new PSQLException(ServerMessageTest.error("C28000", "M" + message)), Step.CONNECT);

    assertThat(failure.reason()).isEqualTo(TenantReason.AuthenticationFailed);
    assertThat(failure.message()).contains("no pg_hba.conf entry", advice).doesNotContain("10.0");
  }

  @Test
  void aDefectWhileConnectingIsAnErrorOfTheRunnerAndNotOfTheServer() {
    for (Throwable thrown :
        List.of(
            new IllegalStateException("ada"),
            new SQLException("unusual", "99999", new IllegalStateException("ada")))) {
      TenantFailure failure = FailureClassifier.classify(thrown, Step.CONNECT);

      assertThat(failure.reason()).isEqualTo(TenantReason.RunnerError);
      assertThat(failure.message()).contains("IllegalStateException").doesNotContain("ada");
    }
  }

  @Test
  void aRefusalOfFlywayIsToldByItsCodeAndNeverByItsText() {
    TenantFailure failure =
        FailureClassifier.classify(
            new FlywayException(
                "text with ada", CoreErrorCode.NON_EMPTY_SCHEMA_WITHOUT_SCHEMA_HISTORY_TABLE),
            Step.WORK);

    assertThat(failure.reason()).isEqualTo(TenantReason.HistoryMissing);
    assertThat(failure.message()).doesNotContain("ada");
  }

  @Test
  void anythingElseIsAnErrorOfTheRunnerWithoutItsText() {
    TenantFailure failure = FailureClassifier.classify(new IllegalStateException("ada"), Step.WORK);

    assertThat(failure.reason()).isEqualTo(TenantReason.RunnerError);
    assertThat(failure.message()).contains("IllegalStateException").doesNotContain("ada");
  }
}
