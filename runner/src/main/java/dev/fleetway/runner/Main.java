package dev.fleetway.runner;

import dev.fleetway.api.pod.PodContract;
import dev.fleetway.api.pod.TerminationMessage;
import dev.fleetway.api.pod.TerminationMessage.PodError;
import dev.fleetway.runner.pod.PermanentError;
import dev.fleetway.runner.pod.PodEnvironment;
import dev.fleetway.runner.pod.TerminationLog;
import java.time.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/** Entry of the pod's program: {@code run} or {@code inspect}. */
public final class Main {
  private static final Logger LOG = LoggerFactory.getLogger(Main.class);
  private static final int EXIT_UNEXPECTED = 1;

  private Main() {}

  public static void main(String[] arguments) {
    SLF4JBridgeHandler.removeHandlersForRootLogger();
    SLF4JBridgeHandler.install();
    PodEnvironment environment = new PodEnvironment(System.getenv());
    int code = EXIT_UNEXPECTED;
    PodEnd end = null;
    try {
      TerminationLog terminationLog = new TerminationLog(environment.terminationMessage());
      end = new PodEnd(environment.grace(), terminationLog);
      code = execute(arguments, environment, terminationLog, end);
    } catch (PermanentError e) {
      LOG.atError()
          .addKeyValue("reason", e.reason())
          .addKeyValue("detail", e.getMessage())
          .log("giving up");
      code = PodContract.EXIT_PERMANENT;
    } catch (Throwable e) {
      // Errors too: past the end of this thread the shutdown hook would answer 75, for ever.
      LOG.error("unexpected", e);
    }
    if (end == null) {
      System.exit(code);
    }
    end.exit(code);
  }

  private static int execute(
      String[] arguments, PodEnvironment environment, TerminationLog terminationLog, PodEnd end)
      throws InterruptedException {
    try {
      String command = arguments.length == 1 ? arguments[0] : "";
      switch (command) {
        case PodContract.COMMAND_INSPECT -> {
          return new InspectCommand(environment, terminationLog).execute();
        }
        case PodContract.COMMAND_RUN -> {
          end.install();
          return new RunCommand(environment, terminationLog, Clock.systemUTC())
              .execute(end::running);
        }
        default ->
            throw new PermanentError(
                PermanentError.INVALID_CONFIGURATION,
                "the only argument must be "
                    + PodContract.COMMAND_RUN
                    + " or "
                    + PodContract.COMMAND_INSPECT);
      }
    } catch (PermanentError e) {
      terminationLog.write(
          new TerminationMessage(null, new PodError(e.reason(), e.getMessage()), null));
      throw e;
    }
  }
}
