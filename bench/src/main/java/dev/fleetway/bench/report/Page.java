package dev.fleetway.bench.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A page by hand with parts that a benchmark writes: between two marked comments. */
public final class Page {
  private Page() {}

  /** Replaces the part with this name. */
  public static void replace(Path page, String part, String content) throws IOException {
    Files.writeString(page, replaced(Files.readString(page), part, content));
  }

  static String replaced(String page, String part, String content) {
    String begin = "<!-- begin " + part + ": written by the benchmark, do not edit -->\n";
    String end = "<!-- end " + part + " -->";
    int from = page.indexOf(begin);
    int to = page.indexOf(end);
    if (from < 0 || to < from) {
      throw new IllegalArgumentException("the page has no part " + part);
    }
    return page.substring(0, from + begin.length()) + content + page.substring(to);
  }
}
