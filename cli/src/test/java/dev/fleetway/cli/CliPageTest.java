package dev.fleetway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetway.cli.command.Session;
import dev.fleetway.cli.exit.ExitCode;
import dev.fleetway.cli.output.Console;
import dev.fleetway.cli.output.Terminals;
import dev.fleetway.cli.testing.Golden;
import java.io.BufferedReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** Keeps {@code docs/cli.md} in step with the commands. */
class CliPageTest {
  private static final String REGENERATE =
      "./mvnw -pl cli test -Dtest=CliPageTest -Dfleetway.regenerate=true";

  private static final Map<String, String> EXAMPLES = new LinkedHashMap<>();

  static {
    EXAMPLES.put("fleetway status -o json", "status-all.json");
    EXAMPLES.put("fleetway failures v105 -o json", "failures.json");
    EXAMPLES.put("fleetway plan v105 -o json", "plan-run.json");
    EXAMPLES.put("fleetway report v105 -o json", "report.json");
    EXAMPLES.put("fleetway tenants list -o json", "tenants-list.json");
  }

  @Test
  void thePageShowsTheHelpOfEveryCommand() {
    Golden.assertSame(Path.of("..", "docs", "cli.md"), page(), "docs/cli.md");
  }

  @Test
  void everyCommandHasAnExampleOfItself() {
    for (CommandLine command : all(root()).toList()) {
      List<String> footer = List.of(command.getCommandSpec().usageMessage().footer());
      assertThat(footer)
          .as(name(command))
          .contains("Example:")
          .anyMatch(line -> line.contains(name(command)));
    }
  }

  private static String page() {
    return """
        <!-- Generated from the commands by %s; do not edit -->
        # The command line

        `cli/target/fleetway` after `./mvnw package`; under the name `kubectl-fleetway` on the `PATH` the same is
        `kubectl fleetway`. Data goes to stdout, talk to stderr; colours and bars only to a terminal and without
        `NO_COLOR`. Times are local with their zone, and RFC 3339 in JSON, YAML and CSV. Ctrl-C never stops a run.

        ## Exit codes

        The same for every command:

        | code | meaning |
        |---|---|
        %s
        %s
        ## In a pipeline

        Where the pipeline can reach the cluster, `fleetway wait v112 --timeout 2h` is the gate. Where it only pushes to
        Git, a Job in the cluster is, for instance as a hook before the application is rolled out. It needs no more than this:

        ```yaml
        apiVersion: rbac.authorization.k8s.io/v1
        kind: Role
        metadata: {name: fleetway-gate}
        rules:
        - {apiGroups: [fleetway.dev], resources: [tenantmigrationruns], verbs: [get]}
        ---
        apiVersion: batch/v1
        kind: Job
        metadata: {name: gate-v112}
        spec:
          backoffLimit: 0
          template:
            spec:
              restartPolicy: Never
              serviceAccountName: fleetway-gate     # bound to the Role
              containers:
              - name: gate
                image: fleetway.dev/fleetway-cli:VERSION
                args: [wait, v112, --appear, 10m, --timeout, 2h]
        ```

        ## What programs read

        Fields are added, never renamed or removed; an absent field is unknown or does not apply. Times are RFC 3339 in
        UTC. YAML has the same fields as JSON, CSV those of one row. Examples, held to the code by the tests:

        %s"""
        .formatted(
            REGENERATE,
            exitCodes(),
            all(root()).map(CliPageTest::section).collect(Collectors.joining("\n")),
            examples());
  }

  private static String examples() {
    return EXAMPLES.entrySet().stream()
        .map(
            example ->
                "`%s`\n\n```json\n%s\n```\n"
                    .formatted(example.getKey(), Golden.text(example.getValue()).stripTrailing()))
        .collect(Collectors.joining("\n"));
  }

  private static String exitCodes() {
    return Arrays.stream(ExitCode.values())
        .map(code -> "| %d | %s |\n".formatted(code.code(), code.meaning()))
        .collect(Collectors.joining());
  }

  private static String section(CommandLine command) {
    return "## %s\n\n```text\n%s\n```\n"
        .formatted(name(command), command.getUsageMessage().stripTrailing());
  }

  private static String name(CommandLine command) {
    return command.getCommandSpec().qualifiedName();
  }

  private static Stream<CommandLine> all(CommandLine command) {
    return Stream.concat(
        Stream.of(command),
        command.getSubcommands().values().stream().distinct().flatMap(CliPageTest::all));
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
