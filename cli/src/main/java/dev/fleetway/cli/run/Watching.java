package dev.fleetway.cli.run;

import dev.fleetway.cli.output.Console;

/** Says at a Ctrl-C that only the watching ends. */
final class Watching implements AutoCloseable {
  private final Thread hook;

  Watching(Console console, String run, Runnable first) {
    hook =
        new Thread(
            () -> {
              first.run();
              console.talk("stopped watching; the run goes on: fleetway status " + run);
            },
            "fleetway-stopped");
    Runtime.getRuntime().addShutdownHook(hook);
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The JVM ends already, and the hook speaks.
    }
  }
}
