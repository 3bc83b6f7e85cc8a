package dev.fleetway.e2e.chart;

import dev.fleetway.e2e.tool.Helm;
import dev.fleetway.e2e.tool.SourceTree;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The commands that the pages about installing tell people to type. */
final class PageCommands {
  static final List<String> PAGES = List.of("docs/install.md", "docs/upgrade.md");
  private static final Pattern FENCE = Pattern.compile("(?ms)^```sh\\n(.*?)^```");
  private static final Pattern VALUES = Pattern.compile("(?ms)^```yml\\n(.*?)^```");
  private static final Pattern WORD = Pattern.compile("'([^']*)'|\\S+");

  private PageCommands() {}

  /** Every command of every block of shell. */
  static List<String> all() {
    return PAGES.stream().flatMap(page -> of(page).stream()).toList();
  }

  /** Those of one page; a backslash at the end of a line goes on in the next. */
  static List<String> of(String page) {
    return FENCE
        .matcher(text(page))
        .results()
        .flatMap(block -> block.group(1).replaceAll("\\\\\\n\\s*", "").lines())
        .filter(line -> !line.isBlank())
        .toList();
  }

  /** The values of the chart that they show, in blocks of {@code yml}. */
  static List<String> values() {
    return PAGES.stream()
        .flatMap(page -> VALUES.matcher(text(page)).results())
        .map(block -> block.group(1))
        .toList();
  }

  /** The words of the command that begins so, for the namespace and the source tree of a test. */
  static List<String> starting(String start, String namespace) {
    List<String> found = all().stream().filter(line -> line.startsWith(start)).distinct().toList();
    if (found.size() != 1) {
      throw new IllegalArgumentException(
          "not one command of " + PAGES + " begins with '" + start + "': " + found);
    }
    return words(found.get(0)).stream()
        .map(word -> word.equals(Helm.RELATIVE) ? Helm.CHART : word)
        .collect(
            Collectors.collectingAndThen(
                Collectors.toCollection(ArrayList::new), words -> inNamespace(words, namespace)));
  }

  static List<String> words(String command) {
    List<String> words = new ArrayList<>();
    Matcher matcher = WORD.matcher(command);
    while (matcher.find()) {
      words.add(matcher.group(1) == null ? matcher.group() : matcher.group(1));
    }
    return words;
  }

  private static List<String> inNamespace(List<String> words, String namespace) {
    int flag = words.indexOf("-n");
    if (flag >= 0) {
      words.set(flag + 1, namespace);
    }
    return words;
  }

  /** Those that begin with one of these. */
  static Stream<String> thatBegin(String... starts) {
    return all().stream().filter(line -> Arrays.stream(starts).anyMatch(line::startsWith));
  }

  private static String text(String page) {
    try {
      return Files.readString(SourceTree.file(page), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
