package dev.fleetway.runner.database.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetway.api.v1alpha1.TenantReason;
import dev.fleetway.api.v1alpha1.TenantSpec.CredentialsSecretRef;
import dev.fleetway.api.v1alpha1.TenantSpec.Database;
import dev.fleetway.runner.database.failure.TenantFailure;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TargetNamesTest {
  private static final CredentialsSecretRef SECRET =
      new CredentialsSecretRef("acme-db", null, null, null, null, null);

  @Test
  void acceptsOrdinaryNames() {
    assertThat(TargetNames.problem(database("pg-1.db.svc", "acme_1$", "Tenant-7", SECRET)))
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "h/db?socketFactory=X&y=",
        "a,b",
        "[::1]",
        "a b",
        "a\n",
        "-a",
        "a-",
        "",
        "h:5433",
        "h%20",
      })
  void refusesHostsThatADriverCouldReadMoreInto(String host) {
    TenantFailure failure =
        TargetNames.problem(database(host, "acme", "public", SECRET)).orElseThrow();

    assertThat(failure.reason()).isEqualTo(TenantReason.InvalidTarget);
    assertThat(failure.message())
        .isEqualTo("spec.database.host is missing or has characters that are not allowed");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\"b", "a;b", "a b", "1a", "", "a\n", "a'b", "a?b=c", "ä"})
  void refusesNamesThatAreNoIdentifiers(String name) {
    assertThat(TargetNames.problem(database("pg", name, "public", SECRET))).isPresent();
    assertThat(TargetNames.problem(database("pg", "acme", name, SECRET))).isPresent();
    assertThat(
            TargetNames.problem(new Database("pg", null, "acme", null, null, name, null, SECRET)))
        .isPresent();
    assertThat(
            TargetNames.problem(
                new Database("pg", null, "acme", null, List.of(name), null, null, SECRET)))
        .isPresent();
  }

  @Test
  void namesMayHave63CharactersAndNoMore() {
    assertThat(TargetNames.problem(database("pg", "a".repeat(63), "public", SECRET))).isEmpty();
    assertThat(TargetNames.problem(database("pg", "a".repeat(64), "public", SECRET))).isPresent();
  }

  @ParameterizedTest
  @ValueSource(strings = {"../other", "a/b", ".", "..", "A"})
  void refusesSecretsThatWouldLeaveTheirDirectory(String name) {
    assertThat(
            TargetNames.problem(
                database(
                    "pg",
                    "acme",
                    "public",
                    new CredentialsSecretRef(name, null, null, null, null, null))))
        .isPresent();
  }

  @ParameterizedTest
  @ValueSource(strings = {"../token", "a/b", ".", "..", ""})
  void refusesKeysThatWouldLeaveTheirDirectory(String key) {
    assertThat(
            TargetNames.problem(
                database(
                    "pg",
                    "acme",
                    "public",
                    new CredentialsSecretRef("acme-db", key, null, null, null, null))))
        .isPresent();
    assertThat(
            TargetNames.problem(
                database(
                    "pg",
                    "acme",
                    "public",
                    new CredentialsSecretRef("acme-db", null, null, key, null, null))))
        .isPresent();
  }

  @Test
  void refusesPortsOutsideTheirRange() {
    for (int port : List.of(0, 65_536)) {
      assertThat(
              TargetNames.problem(new Database("pg", port, "acme", null, null, null, null, SECRET)))
          .isPresent();
    }
  }

  private static Database database(
      String host, String name, String schema, CredentialsSecretRef secret) {
    return new Database(host, null, name, schema, null, null, null, secret);
  }
}
