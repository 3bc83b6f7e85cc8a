package dev.fleetway.runner.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Everything that a database holds, as text to compare: each row of each catalog and of each table,
 * with the transaction that wrote it, and what {@code pg_dump} says where one is at hand that knows
 * the server's version. Taking it writes nothing itself.
 */
public final class DatabaseImage {
  private static final String TABLES =
      """
      SELECT format('%I.%I', n.nspname, c.relname)
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'm') AND c.relpersistence <> 't' AND n.nspname !~ '^pg_(toast|temp)'
      """;
  private static final Pattern PG_DUMP_VERSION = Pattern.compile("pg_dump \\(PostgreSQL\\) (\\d+)");

  private DatabaseImage() {}

  /** By table: a digest of its rows. */
  public static Map<String, String> of(TestPostgres server, String database) {
    Map<String, String> image = new TreeMap<>();
    for (String table : server.query(database, TABLES)) {
      image.put(
          table,
          server
              .query(
                  database,
                  ("SELECT count(*) || ' rows, ' || coalesce(md5(string_agg(line, '|' ORDER BY line)),"
                          + " '') FROM (SELECT t.xmin::text || ' ' || t::text AS line FROM %s t) l")
                      .formatted(table))
              .get(0));
    }
    return image;
  }

  /** The next transaction id of the server. */
  public static String nextTransaction(TestPostgres server) {
    return server.query("postgres", "SELECT pg_snapshot_xmax(pg_current_snapshot())::text").get(0);
  }

  /** Is there a {@code pg_dump} for this server? */
  public static boolean canDump(TestPostgres server) {
    int needed =
        Integer.parseInt(server.query("postgres", "SHOW server_version_num").get(0)) / 10_000;
    try {
      Matcher version = PG_DUMP_VERSION.matcher(output(List.of("pg_dump", "--version")));
      return version.find() && Integer.parseInt(version.group(1)) >= needed;
    } catch (UncheckedIOException e) {
      return false;
    }
  }

  /** The dump of a database. */
  public static String dump(TestPostgres server, String database) {
    String dump =
        output(
            List.of(
                "pg_dump",
                "postgresql://postgres:postgres@%s:%d/%s"
                    .formatted(server.host(), server.port(), database)));
    // Newer ones mark their restricted mode with a random word.
    return dump.lines()
        .filter(line -> !line.startsWith("\\restrict") && !line.startsWith("\\unrestrict"))
        .collect(Collectors.joining("\n"));
  }

  private static String output(List<String> command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new IllegalStateException(command.get(0) + " failed: " + output);
      }
      return output;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
