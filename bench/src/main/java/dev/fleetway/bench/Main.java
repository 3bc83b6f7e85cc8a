package dev.fleetway.bench;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Starts a benchmark. */
@Command(
    name = "bench",
    subcommands = {RunnerBenchmark.class, ScaleBenchmark.class},
    mixinStandardHelpOptions = true)
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    System.exit(new CommandLine(new Main()).execute(args));
  }
}
