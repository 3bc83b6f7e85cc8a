package dev.fleetway.e2e.chart;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The values of the chart as a table, from {@code values.yaml}: a value is described by the comment
 * above it. A value with lines below it that have no comments is one value.
 */
final class ValuesTable {
  private static final Pattern KEY = Pattern.compile("( *)([A-Za-z][A-Za-z0-9]*):(?: +(.*))?");
  private static final Pattern COMMENT = Pattern.compile(" *# ?(.*)");

  private final List<Row> rows = new ArrayList<>();
  private final List<String> comment = new ArrayList<>();
  private final List<String> parents = new ArrayList<>();

  /**
   * A value, or a group of them.
   *
   * @param path such as {@code operator.image.tag}
   * @param preset its default as YAML; empty for a group
   * @param description empty when there is no comment
   */
  record Row(String path, String preset, String description) {
    boolean isGroup() {
      return preset.isEmpty();
    }
  }

  private ValuesTable() {}

  static List<Row> of(String valuesYaml) {
    ValuesTable table = new ValuesTable();
    valuesYaml.lines().forEach(table::read);
    return List.copyOf(table.rows);
  }

  static String markdown(List<Row> rows) {
    return rows.stream()
        .filter(row -> !row.isGroup() || !row.description().isEmpty())
        .map(
            row ->
                "| `%s` | %s | %s |\n"
                    .formatted(
                        row.path(),
                        row.isGroup() ? "" : "`" + row.preset() + "`",
                        row.description()))
        .collect(Collectors.joining("", "| value | default | meaning |\n|---|---|---|\n", ""));
  }

  private void read(String line) {
    Matcher text = COMMENT.matcher(line);
    Matcher key = KEY.matcher(line);
    if (text.matches()) {
      comment.add(text.group(1));
    } else if (key.matches()) {
      add(key.group(1).length() / 2, key.group(2), key.group(3) == null ? "" : key.group(3));
      comment.clear();
    } else if (line.isBlank()) {
      comment.clear();
    } else {
      throw new IllegalArgumentException("not a line that this reader knows: " + line);
    }
  }

  private void add(int depth, String key, String value) {
    boolean isPartOfOneValue = depth > 0 && comment.isEmpty() && !isGroupOfGroups(depth, value);
    parents.subList(depth, parents.size()).clear();
    if (isPartOfOneValue) {
      Row whole = rows.remove(rows.size() - 1);
      String more = key + ": " + value;
      rows.add(
          new Row(
              whole.path(),
              whole.isGroup() ? more : whole.preset() + ", " + more,
              whole.description()));
    } else {
      parents.add(key);
      rows.add(new Row(String.join(".", parents), value, String.join(" ", comment)));
    }
  }

  private boolean isGroupOfGroups(int depth, String value) {
    return value.isEmpty() && depth <= parents.size();
  }
}
