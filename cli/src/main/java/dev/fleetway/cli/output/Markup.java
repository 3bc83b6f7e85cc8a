package dev.fleetway.cli.output;

/** Keeps text of others from being read as picocli's markup. */
public final class Markup {
  private Markup() {}

  /** The text as it is, in a place where markup is read. */
  public static String plain(String text) {
    return text.replace("@|", "@ |").replace("|@", "| @");
  }

  /** The text in this style, such as {@code red} or {@code bold}. */
  public static String styled(String style, String text) {
    return "@|" + style + " " + plain(text) + "|@";
  }
}
