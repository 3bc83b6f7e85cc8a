package dev.fleetway.cli.command;

import dev.fleetway.cli.output.OutputFormat;
import picocli.CommandLine.Option;

/** The option {@code -o} of a command that prints a table, or the same for programs. */
public final class TableOutput {
  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      defaultValue = "table",
      description = "One of ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
  private OutputFormat format;

  public OutputFormat format() {
    return format;
  }
}
