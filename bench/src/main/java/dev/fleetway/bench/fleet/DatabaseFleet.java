package dev.fleetway.bench.fleet;

import dev.failsafe.Failsafe;
import dev.failsafe.RetryPolicy;
import dev.fleetway.sandbox.postgres.TenantServer;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/** Tenant databases that are copies of a template. */
public final class DatabaseFleet {
  /** Everything that the scripts create, whatever a tool keeps for itself beside it. */
  private static final String FINGERPRINT =
      """
      SELECT md5(string_agg(line, E'\\n' ORDER BY line)) FROM (
        SELECT table_name || '.' || column_name || ':' || data_type || is_nullable AS line
          FROM information_schema.columns
         WHERE table_schema = 'public' AND table_name = ANY (%1$s)
        UNION ALL
        SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename = ANY (%1$s)
      ) AS lines
      """
          .formatted(
              "ARRAY['customers','orders','order_lines','audit_log','invoices','order_totals']");

  private static final RetryPolicy<Object> PATIENCE =
      RetryPolicy.builder().withDelay(Duration.ofMillis(200)).withMaxRetries(50).build();

  private final TenantServer server;

  public DatabaseFleet(TenantServer server) {
    this.server = server;
  }

  public List<String> names(int count) {
    return IntStream.rangeClosed(1, count).mapToObj("t%04d"::formatted).toList();
  }

  /** An empty database. */
  public void create(String name) {
    drop(name);
    server.execute("postgres", "CREATE DATABASE %s".formatted(name));
  }

  /** The server's own vacuum may be at work in it, which only a superuser could end. */
  private void drop(String name) {
    Failsafe.with(PATIENCE)
        .run(
            () ->
                server.execute(
                    "postgres", "DROP DATABASE IF EXISTS %s WITH (FORCE)".formatted(name)));
  }

  /** Makes these databases anew, as copies. */
  public void copy(String template, List<String> names) {
    for (String name : names) {
      drop(name);
      // Copies files and ends with a checkpoint: nothing is left to write during a measurement.
      server.execute(
          "postgres",
          "CREATE DATABASE %s TEMPLATE %s STRATEGY file_copy".formatted(name, template));
    }
  }

  /** What a database looks like, as one word. */
  public String fingerprint(String name) {
    return server.query(name, FINGERPRINT).get(0).get(0);
  }

  /** The databases that do not look like this. */
  public List<String> others(List<String> names, String fingerprint) {
    List<String> found = server.forEach(names, this::fingerprint);
    return IntStream.range(0, names.size())
        .filter(i -> !found.get(i).equals(fingerprint))
        .mapToObj(names::get)
        .toList();
  }
}
