package dev.fleetway.sandbox.demo;

import dev.fleetway.sandbox.fleet.Fleet;
import dev.fleetway.sandbox.postgres.TenantServer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Asks the databases themselves, past everything that Fleetway says. */
final class FleetCheck {
  private static final String HISTORY =
      "SELECT version, success FROM flyway_schema_history WHERE version IS NOT NULL"
          + " ORDER BY installed_rank";

  /** Not the audit log of the sample bundle: its triggers write one row per row that is changed. */
  private static final String ROWS =
      "SELECT relname, (xpath('/row/c/text()', query_to_xml("
          + "format('SELECT count(*) AS c FROM %I', relname), false, true, '')))[1]::text"
          + " FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
          + " AND relname NOT IN ('flyway_schema_history', 'audit_log')";

  private final TenantServer server;

  FleetCheck(TenantServer server) {
    this.server = server;
  }

  /** Rows per table and tenant. */
  List<Map<String, Integer>> rowCounts(List<String> tenants) {
    return server.forEach(databases(tenants), this::rowCounts);
  }

  private Map<String, Integer> rowCounts(String database) {
    Map<String, Integer> counts = new HashMap<>();
    server
        .query(database, ROWS)
        .forEach(row -> counts.put(row.get(0), Integer.valueOf(row.get(1))));
    return counts;
  }

  /**
   * What is wrong, one line per finding; empty when every database is at {@code head}, has every
   * version once and none failed, and still holds the rows of {@code before}. Tables that came
   * since are not compared.
   */
  List<String> findings(List<String> tenants, String head, List<Map<String, Integer>> before) {
    List<List<List<String>>> histories =
        server.forEach(databases(tenants), database -> server.query(database, HISTORY));
    List<Map<String, Integer>> after = rowCounts(tenants);
    List<String> findings = new ArrayList<>();
    for (int i = 0; i < tenants.size(); i++) {
      history(tenants.get(i), head, histories.get(i), findings);
      for (Map.Entry<String, Integer> table : before.get(i).entrySet()) {
        Integer now = after.get(i).get(table.getKey());
        if (!table.getValue().equals(now)) {
          findings.add(
              tenants.get(i)
                  + ": "
                  + table.getKey()
                  + " had "
                  + table.getValue()
                  + " rows and has "
                  + now);
        }
      }
    }
    return findings;
  }

  private static void history(
      String tenant, String head, List<List<String>> history, List<String> findings) {
    List<String> versions = history.stream().map(row -> row.get(0)).toList();
    String newest = versions.isEmpty() ? "nothing" : versions.get(versions.size() - 1);
    if (!newest.equals(head)) {
      findings.add(tenant + ": at " + newest + " instead of " + head);
    }
    if (versions.stream().distinct().count() != versions.size()) {
      findings.add(tenant + ": a version was applied twice: " + versions);
    }
    if (history.stream().anyMatch(row -> !row.get(1).equals("t"))) {
      findings.add(tenant + ": the history holds a failed entry");
    }
  }

  private static List<String> databases(List<String> tenants) {
    return tenants.stream().map(Fleet::database).toList();
  }
}
