package dev.fleetway.cli.output;

import java.util.Map;

/**
 * Which of the standard streams are terminals, and whether colours are welcome there.
 *
 * @param in somebody can answer a question
 * @param out somebody reads stdout
 * @param err somebody reads stderr
 * @param colour {@code NO_COLOR} is not set and the terminal knows colours
 */
public record Terminals(boolean in, boolean out, boolean err, boolean colour) {
  /** The launcher's word: the numbers of the streams that are terminals, such as {@code 012}. */
  public static final String PROPERTY = "fleetway.terminal";

  /** No terminal anywhere. */
  public static final Terminals NONE = new Terminals(false, false, false, false);

  /** What the launcher found; without it nothing is a terminal. */
  public static Terminals found(String streams, Map<String, String> environment) {
    boolean colour =
        environment.getOrDefault("NO_COLOR", "").isEmpty()
            && !environment.getOrDefault("TERM", "dumb").equals("dumb");
    return new Terminals(
        streams.contains("0"), streams.contains("1"), streams.contains("2"), colour);
  }
}
