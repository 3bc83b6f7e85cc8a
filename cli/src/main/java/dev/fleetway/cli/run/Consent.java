package dev.fleetway.cli.run;

import dev.fleetway.cli.exit.CommandFailure;
import dev.fleetway.cli.output.Console;

/** A yes: said before, or at a terminal. */
final class Consent {
  private Consent() {}

  static boolean given(Console console, boolean yes, String question) {
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
