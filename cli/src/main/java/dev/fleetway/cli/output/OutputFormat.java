package dev.fleetway.cli.output;

import java.util.Locale;

/** What {@code -o} accepts for lists. */
public enum OutputFormat {
  TABLE,
  JSON,
  YAML,
  CSV;

  /** As it is typed. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
