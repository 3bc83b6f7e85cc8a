package dev.fleetway.runner.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetway.api.v1alpha1.TenantReason;
import dev.fleetway.runner.database.FailureClassifier.Step;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.sql.SQLException;
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

  @Test
  void aRefusalOfFlywayIsToldByItsCodeAndNeverByItsText() {
    TenantFailure failure =
        FailureClassifier.classify(
            new FlywayException("text with ada", CoreErrorCode.CHECKSUM_MISMATCH), Step.WORK);

    assertThat(failure.reason()).isEqualTo(TenantReason.ChecksumMismatch);
    assertThat(failure.message()).doesNotContain("ada");
  }

  @Test
  void anythingElseIsAnErrorOfTheRunnerWithoutItsText() {
    TenantFailure failure = FailureClassifier.classify(new IllegalStateException("ada"), Step.WORK);

    assertThat(failure.reason()).isEqualTo(TenantReason.RunnerError);
    assertThat(failure.message()).contains("IllegalStateException").doesNotContain("ada");
  }
}
