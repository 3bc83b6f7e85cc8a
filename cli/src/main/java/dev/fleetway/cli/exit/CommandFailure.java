package dev.fleetway.cli.exit;

/** Ends a command with one clear line that says what is wrong and what to do next. */
public final class CommandFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ExitCode exitCode;
  private final boolean passing;

  /**
   * @param message what is wrong and what to do next, without a full stop at its end
   * @param cause what {@code -v} shows; may be null
   */
  public CommandFailure(ExitCode exitCode, String message, Throwable cause) {
    this(exitCode, message, cause, false);
  }

  private CommandFailure(ExitCode exitCode, String message, Throwable cause, boolean passing) {
    super(message, cause);
    this.exitCode = exitCode;
    this.passing = passing;
  }

  /** The cluster is away or busy: what waits may try again. */
  public static CommandFailure passing(String message, Throwable cause) {
    return new CommandFailure(ExitCode.USAGE, message, cause, true);
  }

  /** Something about the command line, its input or the cluster is wrong: {@code USAGE}. */
  public static CommandFailure usage(String message) {
    return new CommandFailure(ExitCode.USAGE, message, null);
  }

  /** The answer is no: {@code NO}. */
  public static CommandFailure no(String message) {
    return new CommandFailure(ExitCode.NO, message, null);
  }

  /** May the same succeed a moment later? */
  public boolean isPassing() {
    return passing;
  }

  /** How the process ends. */
  public ExitCode exitCode() {
    return exitCode;
  }
}
