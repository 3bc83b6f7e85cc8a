package dev.fleetway.cli.output;

import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Which of the standard streams are terminals, and whether colours are welcome there.
 *
 * @param in somebody can answer a question
 * @param out somebody reads stdout, on a terminal that can be drawn on
 * @param err somebody reads stderr
 * @param colour {@code NO_COLOR} is not set and the terminal knows colours
 * @param unicode the locale is one of UTF-8: block and line characters are shown
 */
public record Terminals(boolean in, boolean out, boolean err, boolean colour, boolean unicode) {
  /** The launcher's word: the numbers of the streams that are terminals, such as {@code 012}. */
  public static final String PROPERTY = "fleetway.terminal";

  /** No terminal anywhere. */
  public static final Terminals NONE = new Terminals(false, false, false, false, false);

  /** What the launcher found; without it nothing is a terminal. */
  public static Terminals found(String streams, Map<String, String> environment) {
    boolean dumb = environment.getOrDefault("TERM", "dumb").equals("dumb");
    boolean colour = environment.getOrDefault("NO_COLOR", "").isEmpty() && !dumb;
    return new Terminals(
        streams.contains("0"),
        streams.contains("1") && !dumb,
        streams.contains("2"),
        colour,
        isUtf8(environment));
  }

  /** The first of the three variables that is set counts, as in the C library. */
  private static boolean isUtf8(Map<String, String> environment) {
    return Stream.of("LC_ALL", "LC_CTYPE", "LANG")
        .map(name -> environment.getOrDefault(name, ""))
        .filter(value -> !value.isEmpty())
        .findFirst()
        .map(value -> value.toUpperCase(Locale.ROOT).replace("-", "").contains("UTF8"))
        .orElse(false);
  }
}
