package dev.fleetway.cli.exit;

/** The one table of exit codes, the same for every command. */
public enum ExitCode {
  OK(0, "yes, or succeeded"),
  NO(1, "no, or there are failures"),
  ABORTED(2, "the run is aborted"),
  TIMEOUT(3, "the time given was over first"),
  USAGE(4, "the command line, its input, or the access to the cluster is wrong");

  private final int code;
  private final String meaning;

  ExitCode(int code, String meaning) {
    this.code = code;
    this.meaning = meaning;
  }

  /** What the process ends with. */
  public int code() {
    return code;
  }

  /** For people, a few words. */
  public String meaning() {
    return meaning;
  }
}
