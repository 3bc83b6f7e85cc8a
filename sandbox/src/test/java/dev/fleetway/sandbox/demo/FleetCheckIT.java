package dev.fleetway.sandbox.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetway.sandbox.fleet.Fleet;
import dev.fleetway.sandbox.postgres.TenantServer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The check that the demo's exit code rests on must see what is wrong. */
class FleetCheckIT {
  private static final String HISTORY =
      """
      CREATE TABLE flyway_schema_history (installed_rank int, version text, success boolean);
      CREATE TABLE customers (id int);
      INSERT INTO customers VALUES (1), (2);
      INSERT INTO flyway_schema_history VALUES (1, '1', true), (2, '2', true);
      """;
  private static TenantServer server;

  @BeforeAll
  static void start(@TempDir Path directory) {
    server = TenantServer.start(directory);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static List<String> findings(String tenant, String trouble) {
    String database = Fleet.database(tenant);
    server.createDatabases(List.of(database));
    server.execute(database, HISTORY + trouble);
    return new FleetCheck(server).findings(List.of(tenant), "2", List.of(Map.of("customers", 2)));
  }

  @Test
  void findsNothingInADatabaseThatIsAsItShouldBe() {
    assertThat(findings("good", "")).isEmpty();
  }

  @Test
  void findsADatabaseThatIsBehind() {
    assertThat(findings("behind", "DELETE FROM flyway_schema_history WHERE version = '2'"))
        .containsExactly("behind: at 1 instead of 2");
  }

  @Test
  void findsAVersionAppliedTwice() {
    assertThat(findings("twice", "INSERT INTO flyway_schema_history VALUES (3, '2', true)"))
        .singleElement()
        .asString()
        .contains("twice: a version was applied twice");
  }

  @Test
  void findsAFailedEntry() {
    assertThat(findings("failed", "UPDATE flyway_schema_history SET success = false"))
        .containsExactly("failed: the history holds a failed entry");
  }

  @Test
  void findsLostRows() {
    assertThat(findings("lost", "DELETE FROM customers WHERE id = 1"))
        .containsExactly("lost: customers had 2 rows and has 1");
  }
}
