package dev.fleetway.cli.connect;

import dev.fleetway.cli.exit.CommandFailure;
import java.util.regex.Pattern;

/** What a login's token may look like: the HTTP client would print another one in its complaint. */
final class Token {
  private static final Pattern VISIBLE = Pattern.compile("[\\x21-\\x7e]+");

  private Token() {}

  /**
   * The token without the end of its line.
   *
   * @param source where it is from, for a message that does not hold it
   */
  static String checked(String text, String source) {
    String token = text.strip();
    if (!VISIBLE.matcher(token).matches()) {
      throw CommandFailure.usage("what is in " + source + " is no token: log in again");
    }
    return token;
  }
}
