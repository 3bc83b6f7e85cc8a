package dev.fleetway.cli.command;

import dev.fleetway.cli.exit.CommandFailure;
import dev.fleetway.cli.output.Console;

/** A yes: said before, or at a terminal. */
public final class Consent {
  private Consent() {}

  /** False: a person said no. Without a terminal it takes {@code --yes}. */
  public static boolean given(Console console, boolean yes, String question) {
    if (yes) {
      return true;
    }
    if (!console.canAsk()) {
      throw CommandFailure.usage(
          "there is no terminal to ask at (\"" + question + "\"): say --yes");
    }
    return console.confirm(question);
  }
}
