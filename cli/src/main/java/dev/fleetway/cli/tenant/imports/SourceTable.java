package dev.fleetway.cli.tenant.imports;

import dev.fleetway.cli.exit.CommandFailure;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What a source holds, as text.
 *
 * @param name of the source, for messages
 * @param columns in their order
 * @param rows all of them
 */
record SourceTable(String name, List<String> columns, List<Row> rows) {
  private static final Pattern SEPARATOR = Pattern.compile("[;\t|,]");

  SourceTable {
    columns = List.copyOf(columns);
    rows = List.copyOf(rows);
  }

  /**
   * One row.
   *
   * @param place where it stands, such as {@code line 4}
   * @param values by column; those without a value are missing
   */
  record Row(String place, Map<String, String> values) {
    Row {
      values = Map.copyOf(values);
    }
  }

  private boolean isOneWithSeparators() {
    return columns.size() == 1 && SEPARATOR.matcher(columns.get(0)).find();
  }

  /** Fails when a column that is needed is not there, or there twice. */
  SourceTable requiring(Collection<String> needed) {
    for (String column : columns) {
      if (columns.indexOf(column) != columns.lastIndexOf(column)) {
        throw CommandFailure.usage(name + " has two columns named " + column + ": rename one");
      }
    }
    for (String column : needed) {
      if (!columns.contains(column)) {
        throw CommandFailure.usage(
            name
                + " has no column "
                + column
                + "; it has: "
                + String.join(", ", columns)
                + (isOneWithSeparators()
                    ? ". If that is what stands between the values, say --csv-separator"
                    : ". Rename one there, or say which it is with --column FIELD=COLUMN"));
      }
    }
    return this;
  }
}
