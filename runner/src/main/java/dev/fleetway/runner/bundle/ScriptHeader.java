package dev.fleetway.runner.bundle;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.semver4j.Semver;

/**
 * The {@code -- fleetway:key=value} lines among the comments before a script's first statement. A
 * misspelled or misplaced line is an error: the author believes that it protects something.
 */
record ScriptHeader(Optional<Semver> minCompatibleCodeVersion) {
  private static final Pattern LINE =
      Pattern.compile("^\\s*--\\s*fleetway\\s*:\\s*([^=]*?)\\s*(?:=\\s*(.*?)\\s*)?$");
  private static final String MIN_CODE = "minCompatibleCodeVersion";

  /** It stands in the status of each tenant and in the termination message. */
  private static final int LONGEST_VERSION = 64;

  /** Reads the header; appends what is wrong, with file and line, to the problems. */
  static ScriptHeader parse(String path, String sql, List<String> problems) {
    Optional<Semver> minCode = Optional.empty();
    boolean inHeader = true;
    int number = 0;
    for (String line : sql.lines().toList()) {
      number++;
      String where = path + ":" + number + ": ";
      Matcher matcher = LINE.matcher(line);
      if (!matcher.matches()) {
        inHeader &= line.isBlank() || line.stripLeading().startsWith("--");
      } else if (!matcher.group(1).equals(MIN_CODE)) {
        problems.add(where + "unknown fleetway header, only " + MIN_CODE + " exists");
      } else if (!inHeader) {
        problems.add(where + MIN_CODE + " must stand before the first statement");
      } else if (minCode.isPresent()) {
        problems.add(where + MIN_CODE + " stands there twice");
      } else if (matcher.group(2) != null && matcher.group(2).length() > LONGEST_VERSION) {
        problems.add(where + MIN_CODE + " has more than " + LONGEST_VERSION + " characters");
      } else if (matcher.group(2) == null || !Semver.isValid(matcher.group(2))) {
        problems.add(where + MIN_CODE + " needs a semantic version such as 2.14.0");
      } else {
        minCode = Optional.of(new Semver(matcher.group(2)));
      }
    }
    return new ScriptHeader(minCode);
  }
}
