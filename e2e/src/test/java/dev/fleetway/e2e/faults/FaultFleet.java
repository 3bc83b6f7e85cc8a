package dev.fleetway.e2e.faults;

import dev.fleetway.e2e.cluster.KubectlPlace;
import dev.fleetway.sandbox.fleet.Fleet;
import dev.fleetway.sandbox.scenario.FleetPlace;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Sixty tenants whose databases count: each script inserts a row as it runs, says when it began and
 * when it ended, and refuses to run beside another session that does. Every fault brings one script
 * more, so that one fleet serves them all.
 *
 * <p>The tenants' login is an ordinary one. A superuser has connection slots of its own, and could
 * not feel that there are none left.
 */
final class FaultFleet {
  static final int TENANTS = 60;
  static final String LOGIN = "fleet";
  static final String SECRET = "fleet-db";

  private static final String FIRST =
      """
      CREATE TABLE executions (id serial PRIMARY KEY, version text, started timestamptz, ended timestamptz);
      INSERT INTO executions (version, started, ended) VALUES ('1', clock_timestamp(), clock_timestamp());
      """;

  private static final String WORK =
      """
      DO $$ BEGIN
        IF NOT pg_try_advisory_xact_lock(7007) THEN
          RAISE EXCEPTION 'another session runs this script';
        END IF;
      END $$;
      INSERT INTO executions (version, started) VALUES ('@', clock_timestamp());
      SELECT pg_sleep(0.5);
      UPDATE executions SET ended = clock_timestamp() WHERE version = '@';
      """;

  // Some of its tenants have a small disk for their tables in one of the scenarios.
  private static final String BALLAST =
      "CREATE TABLE ballast_@ AS SELECT repeat('x', 1000) FROM generate_series(1, 500);\n";

  private static final String INDEX =
      "CREATE INDEX CONCURRENTLY IF NOT EXISTS executions_@ ON executions (version, id);\n";

  private final KubectlPlace place;
  private final List<String> tenants = Fleet.names(TENANTS);
  private String password;
  private int newest = 1;

  FaultFleet(KubectlPlace place, String password) {
    this.place = place;
    this.password = password;
  }

  List<String> tenants() {
    return tenants;
  }

  List<String> databases() {
    return tenants.stream().map(Fleet::database).toList();
  }

  /** Of the tenants' login, as it is now. */
  String password() {
    return password;
  }

  /** The role, the databases, the Secret and the Tenants. */
  void create() {
    place.execute(
        "postgres",
        "CREATE ROLE %s LOGIN PASSWORD '%s';\n".formatted(LOGIN, password)
            + databases().stream()
                .map(database -> "CREATE DATABASE %s OWNER %s;\n".formatted(database, LOGIN))
                .collect(Collectors.joining()));
    place.apply(manifests(place.namespace()));
  }

  /** The Secret and the Tenants, for whatever namespace shall work on these databases. */
  String manifests(String namespace) {
    FleetPlace.Server server = place.server();
    String secret =
        """
        apiVersion: v1
        kind: Secret
        metadata: {name: %s, namespace: %s}
        stringData: {username: %s, password: "%s"}
        """
            .formatted(SECRET, namespace, LOGIN, password);
    return secret
        + tenants.stream()
            .map(
                tenant ->
                    """
                    ---
                    apiVersion: fleetway.dev/v1alpha1
                    kind: Tenant
                    metadata: {name: %s, namespace: %s}
                    spec:
                      database:
                        host: %s
                        port: %d
                        name: %s
                        sslMode: disable
                        credentialsSecretRef: {name: %s}
                    """
                        .formatted(
                            tenant,
                            namespace,
                            server.host(),
                            server.port(),
                            Fleet.database(tenant),
                            SECRET))
            .collect(Collectors.joining());
  }

  /** The login gets another password: on the server first, then in the Secret. */
  void rotate(String next) {
    place.execute("postgres", "ALTER ROLE %s PASSWORD '%s'".formatted(LOGIN, next));
    place.mergePatch("secret", SECRET, "{\"stringData\":{\"password\":\"%s\"}}".formatted(next));
    password = next;
  }

  /** One script more, as a ConfigMap; returns its version. */
  int nextBundle(Consumer<String> apply) {
    newest++;
    String scripts =
        IntStream.rangeClosed(2, newest)
            .mapToObj(
                version ->
                    script("V%d__work.sql".formatted(version), WORK + BALLAST, version)
                        + script("V%d.1__index.sql".formatted(version), INDEX, version))
            .collect(Collectors.joining());
    apply.accept(
        """
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: faults-%d}
        data:
        """
                .formatted(newest)
            + script("V1__executions.sql", FIRST, 1)
            + scripts);
    return newest;
  }

  private static String script(String name, String sql, int version) {
    String text = sql.replace("@", Integer.toString(version)).strip().indent(4);
    return "  %s: |\n%s".formatted(name, text);
  }

  /** A run of this version in cohorts of this size. */
  static String run(String name, int version, int cohortSize) {
    return """
    apiVersion: fleetway.dev/v1alpha1
    kind: TenantMigrationRun
    metadata: {name: %s}
    spec:
      migrations: {configMapRefs: [{name: faults-%d}]}
      rollout: {cohortSizes: [%d]}
      execution: {concurrency: 5, maxConcurrencyPerServer: 5}
      gate: {mode: ReadOnly, settle: 0s}
    """
        .formatted(name, version, cohortSize);
  }

  /** What every history must hold now. */
  List<String> versions() {
    List<String> versions = new ArrayList<>(List.of("1"));
    for (int version = 2; version <= newest; version++) {
      versions.add(Integer.toString(version));
      versions.add(version + ".1");
    }
    return versions;
  }

  /** Those of them that leave a row. */
  List<String> marked() {
    return IntStream.rangeClosed(1, newest).mapToObj(Integer::toString).toList();
  }
}
