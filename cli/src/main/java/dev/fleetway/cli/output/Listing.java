package dev.fleetway.cli.output;

import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.ColumnData;
import com.github.freva.asciitable.HorizontalAlign;
import com.github.freva.asciitable.Styler;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import picocli.CommandLine.Help.Ansi;

/**
 * Rows of one record type: a table for people, the record's components for programs.
 *
 * @param <R> a flat record; its components are the JSON, YAML and CSV schema
 */
public final class Listing<R> {
  private static final String ABSENT = "-";
  private static final Pattern SPACE = Pattern.compile("\\s+");

  private final Class<R> type;
  private final List<R> rows;
  private final List<Field<R>> fields = new ArrayList<>();

  private record Field<R>(String heading, Function<R, ?> value, Function<R, String> style) {}

  private Listing(Class<R> type, List<R> rows) {
    this.type = type;
    this.rows = List.copyOf(rows);
  }

  public static <R> Listing<R> of(Class<R> type, List<R> rows) {
    return new Listing<>(type, rows);
  }

  /** A column of the table: numbers to the right, times in the local zone, nothing as a dash. */
  public Listing<R> column(String heading, Function<R, ?> value) {
    return column(heading, value, row -> "");
  }

  /** The same in a style of picocli's, such as {@code red}; empty for none. */
  public Listing<R> column(String heading, Function<R, ?> value, Function<R, String> style) {
    fields.add(new Field<>(heading, value, style));
    return this;
  }

  /** Prints it as the answer. */
  public void print(Console console, OutputFormat format) {
    switch (format) {
      case TABLE -> console.data(table(console));
      case JSON -> console.data(Documents.json(rows));
      case YAML -> console.data(Documents.yaml(rows));
      case CSV -> console.data(Documents.csv(type, rows));
    }
  }

  /** The same without colours, for a text that has some of its own. */
  public String plainTable(Console console) {
    return table(console, Ansi.OFF);
  }

  /** The table alone, as kubectl prints one: no borders, no blanks at the end of a line. */
  public String table(Console console) {
    return table(console, console.dataStyle());
  }

  private String table(Console console, Ansi ansi) {
    List<ColumnData<R>> columns = new ArrayList<>();
    for (Field<R> field : fields) {
      boolean last = columns.size() == fields.size() - 1;
      columns.add(
          new Column()
              .header(field.heading() + (last ? "" : " "))
              .headerAlign(align(field))
              .dataAlign(align(field))
              .maxWidth(Integer.MAX_VALUE)
              .with(row -> text(field.value().apply(row), console) + (last ? "" : " ")));
    }
    String text =
        AsciiTable.builder()
            .border(AsciiTable.NO_BORDERS)
            .lineSeparator("\n")
            .styler(new Colours(ansi))
            .data(rows, columns)
            .asString();
    return text.lines()
        .map(line -> line.startsWith(" ") ? line.substring(1) : line)
        .map(String::stripTrailing)
        .collect(Collectors.joining("\n"));
  }

  private HorizontalAlign align(Field<R> field) {
    return rows.stream().map(field.value()).anyMatch(Number.class::isInstance)
        ? HorizontalAlign.RIGHT
        : HorizontalAlign.LEFT;
  }

  private static String text(Object value, Console console) {
    if (value == null) {
      return ABSENT;
    }
    if (value instanceof Instant time) {
      return console.time(time);
    }
    String text =
        value instanceof Collection<?> many
            ? many.stream().map(String::valueOf).collect(Collectors.joining(","))
            : value.toString();
    return text.isEmpty() ? ABSENT : SPACE.matcher(text).replaceAll(" ");
  }

  /** Colours after the widths are known: an escape sequence has none. */
  private final class Colours implements Styler {
    private final Ansi ansi;

    private Colours(Ansi ansi) {
      this.ansi = ansi;
    }

    @Override
    public List<String> styleCell(Column column, int row, int col, List<String> data) {
      String style = fields.get(col).style().apply(rows.get(row));
      return style.isEmpty() ? data : in(style, data);
    }

    @Override
    public List<String> styleHeader(Column column, int col, List<String> data) {
      return in("bold", data);
    }

    private List<String> in(String style, List<String> data) {
      return data.stream().map(text -> coloured(style, text)).toList();
    }

    /** The blanks of a column have no colour, or those at the end of a line could not be cut. */
    private String coloured(String style, String text) {
      String word = text.strip();
      int start = text.indexOf(word);
      return text.substring(0, start)
          + ansi.string(Markup.styled(style, word))
          + text.substring(start + word.length());
    }
  }
}
