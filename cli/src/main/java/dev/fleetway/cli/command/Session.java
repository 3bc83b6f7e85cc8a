package dev.fleetway.cli.command;

import dev.fleetway.cli.connect.Cluster;
import dev.fleetway.cli.connect.GlobalOptions;
import dev.fleetway.cli.output.Console;

/** One invocation: its console and, once somebody asks for it, its cluster. */
public final class Session implements AutoCloseable {
  private final Console console;
  private final GlobalOptions options = new GlobalOptions();
  private Cluster cluster;

  public Session(Console console) {
    this.console = console;
  }

  public Console console() {
    return console;
  }

  /** What was said on the command line about the way to the cluster. */
  public GlobalOptions options() {
    return options;
  }

  /** The cluster, opened on first use: a command that needs none works without one. */
  public Cluster cluster() {
    if (cluster == null) {
      cluster = Cluster.open(options);
    }
    return cluster;
  }

  @Override
  public void close() {
    if (cluster != null) {
      cluster.close();
    }
  }
}
