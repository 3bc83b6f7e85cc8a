package dev.fleetway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetway.api.testing.MarkdownPage;
import dev.fleetway.cli.command.Session;
import dev.fleetway.cli.output.Console;
import dev.fleetway.cli.output.Terminals;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** Every command that a page names exists, with each option that it is given there. */
class CommandsInPagesTest {
  private static final Pattern COMMAND =
      Pattern.compile("(?:`|\\n *)(?:kubectl )?fleetway ([^`\\n]+)");
  private static final Pattern WORD = Pattern.compile("'[^']*'|\"[^\"]*\"|[^\\s'\"]+");

  @Test
  void everyCommandAndOptionExists() {
    List<String> wrong = new ArrayList<>();
    int commands = 0;
    for (MarkdownPage page : MarkdownPage.allOf(Path.of(".."))) {
      for (String command : commandsOf(page)) {
        commands++;
        String problem = problem(command);
        if (!problem.isEmpty()) {
          wrong.add(page.file().getFileName() + ": fleetway " + command + ": " + problem);
        }
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(commands).isGreaterThan(20);
  }

  /** Its second column is ours; an option without a command is one of {@code run}. */
  @Test
  void whatReplacesTheOptionsOfOtherToolsExists() throws IOException {
    List<String> lines =
        Files.readAllLines(Path.of("..", "docs", "coming-from.md"), StandardCharsets.UTF_8);
    List<String> options =
        lines.stream()
            .filter(line -> line.startsWith("| "))
            .map(line -> line.split(" \\| ", -1)[1])
            .flatMap(ours -> Pattern.compile("`(--[a-z-]+)").matcher(ours).results())
            .map(match -> match.group(1))
            .distinct()
            .toList();

    assertThat(options).hasSizeGreaterThan(15);
    assertThat(root().getSubcommands().get("run").getCommandSpec().optionsMap().keySet())
        .containsAll(options);
  }

  private static List<String> commandsOf(MarkdownPage page) {
    List<String> found = new ArrayList<>();
    if (page.file().endsWith("cli.md")) {
      // generated from the commands
      return found;
    }
    page.codes().stream()
        .flatMap(code -> COMMAND.matcher("\n" + code).results())
        .map(match -> match.group(1))
        .forEach(found::add);
    return found;
  }

  /** Empty when there is none. */
  private static String problem(String command) {
    CommandSpec spec = root().getCommandSpec();
    for (String word : WORD.matcher(command).results().map(MatchResult::group).toList()) {
      if (word.equals("|") || word.equals(">") || word.equals("\\") || word.equals("…")) {
        return "";
      }
      String option = word.split("=", 2)[0];
      if (word.startsWith("-") && word.length() > 1) {
        if (!spec.optionsMap().containsKey(option)) {
          return spec.qualifiedName() + " has no option " + option;
        }
      } else if (spec.subcommands().containsKey(word)) {
        spec = spec.subcommands().get(word).getCommandSpec();
      } else if (!spec.subcommands().isEmpty()) {
        return spec.qualifiedName() + " has no command " + word;
      }
    }
    return "";
  }

  private static CommandLine root() {
    PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
    return Fleetway.commandLine(
        new Session(
            new Console(
                nowhere,
                nowhere,
                new BufferedReader(new StringReader("")),
                Terminals.NONE,
                Clock.systemUTC())));
  }
}
