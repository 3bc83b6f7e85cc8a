package dev.fleetway.cli.command;

import dev.fleetway.cli.connect.Cluster;
import dev.fleetway.cli.exit.ExitCode;
import dev.fleetway.cli.output.Console;
import java.util.concurrent.Callable;

/** One command. Its constructor takes the session. */
public abstract class FleetwayCommand implements Callable<Integer> {
  private final Session session;

  protected FleetwayCommand(Session session) {
    this.session = session;
  }

  /** Does it, and says how it ended. */
  protected abstract ExitCode execute();

  @Override
  public final Integer call() {
    return execute().code();
  }

  protected final Console console() {
    return session.console();
  }

  protected final Cluster cluster() {
    return session.cluster();
  }
}
