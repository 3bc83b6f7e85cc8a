package dev.fleetway.cli.tenant.imports;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import dev.fleetway.cli.exit.CommandFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A CSV file with a line of headings, as RFC 4180 describes it: a blank is part of its value, which
 * may be a password.
 */
final class CsvSource {
  private CsvSource() {}

  /** Reads all of it; a line that has not as many values as there are headings is an error. */
  static SourceTable read(String name, String content, char separator) {
    // Some programs begin a file with a byte order mark.
    String text = content.startsWith("\uFEFF") ? content.substring(1) : content;
    CsvMapper mapper =
        CsvMapper.builder()
            .enable(CsvParser.Feature.WRAP_AS_ARRAY)
            .enable(CsvParser.Feature.SKIP_EMPTY_LINES)
            .build();
    CsvSchema schema = CsvSchema.emptySchema().withColumnSeparator(separator);
    try (MappingIterator<String[]> records =
        mapper.readerFor(String[].class).with(schema).readValues(text)) {
      return table(name, text.lines().toList(), records);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static SourceTable table(
      String name, List<String> lines, MappingIterator<String[]> records) throws IOException {
    List<String> columns = null;
    List<SourceTable.Row> rows = new ArrayList<>();
    int line = 1;
    try {
      while (records.hasNextValue()) {
        // A record may have line breaks in its values: the parser knows where the last one ended.
        int before = columns == null ? 0 : records.getParser().currentTokenLocation().getLineNr();
        line = firstFilled(lines, before);
        String[] values = records.nextValue();
        if (columns == null) {
          columns = List.of(values);
        } else {
          rows.add(row(name, columns, values, line));
        }
      }
    } catch (JsonProcessingException e) {
      throw broken(name, line, e);
    }
    if (columns == null) {
      throw CommandFailure.usage(name + " is empty: its first line must name the columns");
    }
    return new SourceTable(name, columns, rows);
  }

  /** The number, from 1, of the first line after this one that is not empty. */
  private static int firstFilled(List<String> lines, int after) {
    int line = after + 1;
    while (line < lines.size() && lines.get(line - 1).isBlank()) {
      line++;
    }
    return line;
  }

  private static SourceTable.Row row(String name, List<String> columns, String[] values, int line) {
    if (values.length != columns.size()) {
      boolean few = values.length < columns.size();
      throw CommandFailure.usage(
          "%s, line %d, column %s: the line has %d values, the first line names %d columns: %s"
              .formatted(
                  name,
                  line,
                  few ? columns.get(values.length) : String.valueOf(columns.size() + 1),
                  values.length,
                  columns.size(),
                  few ? "this one is missing" : "put a value with a separator in it in quotes"));
    }
    Map<String, String> found = new LinkedHashMap<>();
    for (int i = 0; i < values.length; i++) {
      if (values[i] != null && !values[i].isEmpty()) {
        found.put(columns.get(i), values[i]);
      }
    }
    return new SourceTable.Row("line " + line, found);
  }

  /** Without the parser's own words, which may hold a value. */
  private static CommandFailure broken(String name, int line, JsonProcessingException e) {
    JsonLocation where = e.getLocation();
    return CommandFailure.usage(
        "%s, line %d: a quote is not closed, or followed by something else than a separator%s"
            .formatted(
                name,
                line,
                where == null
                    ? ""
                    : " (noticed in line %d, column %d)"
                        .formatted(where.getLineNr(), where.getColumnNr())));
  }
}
