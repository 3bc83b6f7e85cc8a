package dev.fleetway.cli.command;

import dev.fleetway.cli.exit.CommandFailure;
import dev.fleetway.cli.exit.ExitCode;
import dev.fleetway.cli.output.Markup;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Says what went wrong: one line on stderr, the stack trace only with {@code -v}. */
public final class Failures implements IExecutionExceptionHandler, IParameterExceptionHandler {
  private final Session session;

  public Failures(Session session) {
    this.session = session;
  }

  @Override
  public int handleExecutionException(Exception e, CommandLine line, ParseResult result) {
    if (e instanceof CommandFailure failure) {
      say(failure.getMessage());
      trace(e);
      return failure.exitCode().code();
    }
    say(
        "something went wrong that should not have ("
            + e
            + "): run it again with -v and report what it shows");
    trace(e);
    return ExitCode.USAGE.code();
  }

  @Override
  public int handleParseException(ParameterException e, String[] arguments) {
    String message = e.getMessage().lines().findFirst().orElse("the command line cannot be read");
    say(message.replaceFirst("^Error: ", ""));
    StringWriter suggestions = new StringWriter();
    if (UnmatchedArgumentException.printSuggestions(e, new PrintWriter(suggestions))) {
      suggestions.toString().lines().forEach(line -> session.console().talk(Markup.plain(line)));
    }
    session
        .console()
        .talk("See " + e.getCommandLine().getCommandSpec().qualifiedName() + " --help");
    return ExitCode.USAGE.code();
  }

  private void say(String message) {
    session.console().talk("@|bold,red fleetway:|@ " + Markup.plain(message));
  }

  private void trace(Exception e) {
    if (session.options().isVerbose()) {
      PrintWriter writer = new PrintWriter(session.console().err(), true, StandardCharsets.UTF_8);
      e.printStackTrace(writer);
    }
  }
}
