package dev.fleetway.e2e.cluster;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** {@code psql} inside the PostgreSQL pod, as its superuser. */
final class Psql {
  // control characters that stand in no answer: fields, records, databases
  private static final String FIELD = "\u001f";
  private static final String RECORD = "\u001e";
  private static final String DATABASE = "\u001d";
  private static final String CONNECT = "\\connect \"%s\"\n%s\n\\echo -n " + DATABASE + "\n";

  private final Kubectl kubectl;
  private final String namespace;

  Psql(Kubectl kubectl, String namespace) {
    this.kubectl = kubectl;
    this.namespace = namespace;
  }

  /** Statements without a result, each of them outside a transaction, in each of the databases. */
  void execute(List<String> databases, String sql) {
    inEach(databases, sql);
  }

  /** The rows of one query in each of the databases. */
  List<List<List<String>>> query(List<String> databases, String sql) {
    return inEach(databases, sql).stream().map(Psql::rows).toList();
  }

  // One session of the pod for all: a kubectl exec for each would take a quarter of a second.
  private List<String> inEach(List<String> databases, String sql) {
    if (databases.isEmpty()) {
      return List.of();
    }
    String statements = sql.strip().endsWith(";") ? sql : sql + ";";
    String script =
        databases.stream()
            .map(database -> CONNECT.formatted(database.replace("\"", "\"\""), statements))
            .collect(Collectors.joining());
    return Arrays.stream(psql(script).split(DATABASE, -1)).limit(databases.size()).toList();
  }

  // No output is no row; otherwise psql ends the last record with a line feed of its own.
  private static List<List<String>> rows(String output) {
    if (output.isEmpty()) {
      return List.of();
    }
    return Arrays.stream(output.substring(0, output.length() - 1).split(RECORD, -1))
        .map(row -> List.of(row.split(FIELD, -1)))
        .toList();
  }

  // Over TCP: where the socket lies differs between images. PGPASSWORD is in the pod's environment.
  private String psql(String script) {
    return kubectl.runWithInput(
        script,
        "-n",
        namespace,
        "exec",
        "-i",
        PostgresPod.NAME,
        "--",
        "psql",
        "-X",
        "-q",
        "-A",
        "-t",
        "-F",
        FIELD,
        "-R",
        RECORD,
        "-v",
        "ON_ERROR_STOP=1",
        "-h",
        "127.0.0.1",
        "-U",
        PostgresPod.USER,
        "-d",
        PostgresPod.USER,
        "-f",
        "-");
  }
}
