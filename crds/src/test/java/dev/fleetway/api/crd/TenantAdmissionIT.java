package dev.fleetway.api.crd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetway.api.testing.RealApiServer;
import dev.fleetway.api.v1alpha1.Tenant;
import dev.fleetway.api.v1alpha1.TenantSpec;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@RealApiServer
class TenantAdmissionIT {
  private static final String LONGEST_IDENTIFIER = "a".repeat(63);

  private final KubernetesClient client;

  TenantAdmissionIT(KubernetesClient client) {
    this.client = client;
  }

  @Test
  void theSmallestTenantGetsEveryDefault() {
    client.resource(Manifest.tenant("smallest").build()).create();
    TenantSpec spec = client.resources(Tenant.class).withName("smallest").get().getSpec();
    assertThat(spec)
        .isEqualTo(
            new TenantSpec(
                TenantSpec.State.Active,
                new TenantSpec.Database(
                    "pg-1.db.svc",
                    5432,
                    "acme",
                    "public",
                    null,
                    null,
                    TenantSpec.SslMode.PREFER,
                    new TenantSpec.CredentialsSecretRef(
                        "acme-db", "username", "password", null, null, null))));
    // The record would fill in the same: ask the server for what it stored.
    assertThat(
            client
                .genericKubernetesResources("fleetway.dev/v1alpha1", "Tenant")
                .withName("smallest")
                .get()
                .getAdditionalProperties())
        .extractingByKey("spec")
        .isEqualTo(
            Map.of(
                "state",
                "Active",
                "database",
                Map.of(
                    "host",
                    "pg-1.db.svc",
                    "port",
                    5432,
                    "name",
                    "acme",
                    "schema",
                    "public",
                    "sslMode",
                    "prefer",
                    "credentialsSecretRef",
                    Map.of(
                        "name", "acme-db", "usernameKey", "username", "passwordKey", "password"))));
  }

  static Stream<Arguments> goodValues() {
    return Stream.of(
        Arguments.of("spec.database.host", "10.0.0.7"),
        Arguments.of("spec.database.host", "p"),
        Arguments.of("spec.database.host", "a".repeat(253)),
        Arguments.of("spec.database.port", 1),
        Arguments.of("spec.database.port", 65535),
        Arguments.of("spec.database.name", "Tenant_4-prod$"),
        Arguments.of("spec.database.name", LONGEST_IDENTIFIER),
        Arguments.of("spec.database.schema", "_private"),
        Arguments.of("spec.database.role", LONGEST_IDENTIFIER),
        Arguments.of("spec.database.extensionSchemas", List.of("extensions", "topology")),
        Arguments.of("spec.database.sslMode", "verify-full"),
        Arguments.of("spec.database.credentialsSecretRef.caKey", "ca.crt"),
        Arguments.of("spec.database.credentialsSecretRef.usernameKey", "tls-user_name.txt"),
        Arguments.of("spec.state", "Suspended"));
  }

  @ParameterizedTest
  @MethodSource("goodValues")
  void acceptsWhatIsInsideTheBounds(String path, Object value) {
    client.resource(Manifest.tenant("good").with(path, value).build()).dryRun().create();
  }

  static Stream<Arguments> hostileNames() {
    Stream<String> fields =
        Stream.of(
            "spec.database.host",
            "spec.database.name",
            "spec.database.schema",
            "spec.database.role",
            "spec.database.credentialsSecretRef.name",
            "spec.database.credentialsSecretRef.usernameKey",
            "spec.database.credentialsSecretRef.passwordKey",
            "spec.database.credentialsSecretRef.caKey");
    List<String> values =
        List.of(
            "",
            " ",
            "acme\n",
            "acme\nacme",
            "acme/other",
            "../acme",
            "acme,other",
            "acme?socketFactory=x",
            "acme&x=y",
            "acme;drop",
            "acme'",
            "acme\"",
            "acme\\",
            "acme other",
            "acme:5432",
            "acme@other",
            "acme%20",
            "acm\u00e9",
            "a\u0000b");
    return fields.flatMap(field -> values.stream().map(value -> Arguments.of(field, value)));
  }

  @ParameterizedTest
  @MethodSource("hostileNames")
  void refusesCharactersThatCouldLeaveTheField(String path, String value) {
    assertThat(refusal(path, value))
        .startsWith(path + ": Invalid value: ")
        .contains(path + " in body should match '^");
  }

  @ParameterizedTest
  @ValueSource(strings = {"spec.database.name", "spec.database.schema", "spec.database.role"})
  void refusesIdentifiersThatPostgresWouldCutOrNotRead(String path) {
    for (String value : List.of("a".repeat(64), "-acme", "4acme", "$acme", "a.b")) {
      assertThat(refusal(path, value))
          .startsWith(path + ": Invalid value: \"" + value + "\": ")
          .endsWith("in body should match '^[A-Za-z_][A-Za-z0-9_$-]{0,62}$'");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"-pg", ".pg", "pg-", "pg.", "[::1]", "pg_1"})
  void refusesHostsThatAreNoNames(String value) {
    assertThat(refusal("spec.database.host", value))
        .isEqualTo(
            "spec.database.host: Invalid value: \"%s\": spec.database.host in body should match '%s'"
                .formatted(value, TenantSpec.Database.HOST_PATTERN));
  }

  @Test
  void refusesAHostOfMoreThan253Characters() {
    assertThat(refusal("spec.database.host", "a".repeat(254)))
        .contains("spec.database.host in body should match");
  }

  @ParameterizedTest
  @ValueSource(strings = {".", "..", ".hidden", "a/../b"})
  void refusesKeysThatAreNoFileNames(String value) {
    assertThat(refusal("spec.database.credentialsSecretRef.passwordKey", value))
        .contains("passwordKey in body should match");
  }

  @ParameterizedTest
  @CsvSource({
    "0, should be greater than or equal to 1",
    "-1, should be greater than or equal to 1",
    "65536, should be less than or equal to 65535",
  })
  void refusesPortsOutsideTheRange(int port, String why) {
    assertThat(refusal("spec.database.port", port))
        .isEqualTo(
            "spec.database.port: Invalid value: %d: spec.database.port in body %s"
                .formatted(port, why));
  }

  @Test
  void refusesAPortThatIsText() {
    assertThat(refusal("spec.database.port", "5432"))
        .startsWith(
            "spec.database.port: Invalid value: \"string\": spec.database.port in body must be of"
                + " type integer: \"string\"");
  }

  @ParameterizedTest
  @CsvSource({
    "spec.state, active, '\"Active\", \"ReadOnly\", \"Suspended\"'",
    "spec.state, Deleted, '\"Active\", \"ReadOnly\", \"Suspended\"'",
    "spec.database.sslMode, VERIFY_FULL, "
        + "'\"disable\", \"prefer\", \"require\", \"verify-ca\", \"verify-full\"'",
    "spec.database.sslMode, allow, "
        + "'\"disable\", \"prefer\", \"require\", \"verify-ca\", \"verify-full\"'",
  })
  void refusesWordsItDoesNotKnowAndNamesThoseItKnows(String path, String value, String known) {
    assertThat(refusal(path, value))
        .isEqualTo(
            "%s: Unsupported value: \"%s\": supported values: %s".formatted(path, value, known));
  }

  @ParameterizedTest
  @CsvSource({
    "spec, {}, spec.database: Required value",
    "spec.database, {}, spec.database.credentialsSecretRef: Required value",
    "spec.database, {}, spec.database.host: Required value",
    "spec.database, {}, spec.database.name: Required value",
    "spec.database.credentialsSecretRef, {}, spec.database.credentialsSecretRef.name: Required value",
  })
  void refusesATenantWithoutAnAddress(String path, String yaml, String message) {
    assertThat(Refusal.of(() -> create(Manifest.tenant("bad").withYaml(path, yaml))))
        .contains(message);
  }

  @Test
  void refusesATenantWithoutASpec() {
    assertThat(Refusal.of(() -> create(Manifest.tenant("bad").with("spec", null))))
        .contains("spec: Required value");
  }

  @Test
  void refusesHostileExtensionSchemasOneByOne() {
    assertThat(refusal("spec.database.extensionSchemas", List.of("good", "a\nb")))
        .startsWith("spec.database.extensionSchemas[1]: Invalid value: \"a\\nb\": ");
    assertThat(
            refusal(
                "spec.database.extensionSchemas",
                Stream.iterate(0, i -> i + 1).limit(17).map(i -> "s" + i).toList()))
        .isEqualTo("spec.database.extensionSchemas: Too many: 17: must have at most 16 items");
  }

  private String refusal(String path, Object value) {
    return Refusal.of(() -> create(Manifest.tenant("bad").with(path, value)));
  }

  private void create(Manifest manifest) {
    client.resource(manifest.build()).dryRun().create();
  }
}
