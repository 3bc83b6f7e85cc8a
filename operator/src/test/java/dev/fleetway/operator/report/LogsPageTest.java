package dev.fleetway.operator.report;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.joran.spi.JoranException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fleetway.api.v1alpha1.Condition;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.Phase;
import dev.fleetway.operator.model.RunReason;
import dev.fleetway.operator.report.RunEvents.RunEvent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code docs/logs.md} in step with the keys of the log lines and with the events. */
class LogsPageTest {
  private static final Path ROOT = Path.of("..");
  private static final Path PAGE = ROOT.resolve("docs/logs.md");
  private static final Set<String> OF_EVERY_LINE =
      Set.of("time", "level", "message", "logger_name", "thread_name", "stack_trace");
  private static final String REGENERATE =
      "./mvnw -pl operator test -Dtest=LogsPageTest -Dfleetway.regenerate=true";
  private static final Pattern GENERATED =
      Pattern.compile(
          "(?s)(?<=<!-- generated from RunEvents by "
              + Pattern.quote(REGENERATE)
              + ": begin -->\n).*?(?=<!-- end -->)");

  @Test
  void thePageListsTheKeysOfAllLines() throws IOException {
    Set<String> keys = new TreeSet<>(OF_EVERY_LINE);
    for (String module : List.of("operator", "runner")) {
      keys.addAll(keys(ROOT.resolve(module).resolve("src/main/java")));
    }
    String table = Files.readString(PAGE).split("\n## Events", 2)[0];
    Set<String> documented =
        table
            .lines()
            .filter(line -> line.startsWith("| `"))
            .map(line -> line.split("\\|", -1)[1])
            .flatMap(cell -> found(cell, "`(\\w+)`"))
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(documented).isEqualTo(keys);
  }

  private static Set<String> keys(Path sources) throws IOException {
    try (Stream<Path> files = Files.walk(sources)) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .flatMap(file -> found(text(file), "(?:addKeyValue\\(|add\\(line, )\\s*\"(\\w+)\""))
          .collect(Collectors.toSet());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"operator", "runner"})
  void aLineIsOneJsonObjectWithTheseKeysAndNoOthers(String module)
      throws IOException, JoranException {
    JsonNode line =
        logged(
            ROOT.resolve(module).resolve("src/main/resources/logback.xml"),
            context ->
                context
                    .getLogger("dev.fleetway.test")
                    .atError()
                    .setCause(new IllegalStateException("two\nlines"))
                    .addKeyValue("run", "v112")
                    .log("words"));

    assertThat(line.properties().stream().map(Map.Entry::getKey))
        .containsExactlyInAnyOrderElementsOf(
            Stream.concat(OF_EVERY_LINE.stream(), Stream.of("run")).toList());
    assertThat(line.path("run").asText()).isEqualTo("v112");
    assertThat(line.path("level").asText()).isEqualTo("ERROR");
    assertThat(OffsetDateTime.parse(line.path("time").asText())).isNotNull();
  }

  /** What a process with this configuration writes to standard output; it must be one line. */
  private static JsonNode logged(Path configuration, Consumer<LoggerContext> logging)
      throws IOException, JoranException {
    PrintStream stdout = System.out;
    ByteArrayOutputStream written = new ByteArrayOutputStream();
    LoggerContext context = new LoggerContext();
    context.setMDCAdapter(new LogbackMDCAdapter());
    context.start();
    System.setOut(new PrintStream(written, true, StandardCharsets.UTF_8));
    try {
      JoranConfigurator joran = new JoranConfigurator();
      joran.setContext(context);
      joran.doConfigure(configuration.toFile());
      logging.accept(context);
    } finally {
      context.stop();
      System.setOut(stdout);
    }
    List<String> lines = written.toString(StandardCharsets.UTF_8).lines().toList();
    assertThat(lines).as("%s", context.getStatusManager().getCopyOfStatusList()).hasSize(1);
    return new ObjectMapper().readTree(lines.get(0));
  }

  @Test
  void thePageListsTheReasonsThatAreToldAsEvents() throws IOException {
    String page = Files.readString(PAGE);
    String current = GENERATED.matcher(page).replaceFirst(reasons());
    if (Boolean.getBoolean("fleetway.regenerate")) {
      Files.writeString(PAGE, current);
      return;
    }
    assertThat(page).as("docs/logs.md is stale: run %s", REGENERATE).isEqualTo(current);
  }

  private static String reasons() {
    Map<String, String> told = new TreeMap<>();
    for (RunReason reason : RunReason.values()) {
      TenantMigrationRunStatus status = at(phaseOf(reason), reason);
      for (RunEvent event : RunEvents.between(TenantMigrationRunStatus.empty(), status)) {
        told.put(event.reason(), event.warning() ? "Warning" : "Normal");
      }
    }
    return told.entrySet().stream()
        .map(entry -> "| `%s` | %s |\n".formatted(entry.getKey(), entry.getValue()))
        .collect(Collectors.joining());
  }

  /** The phase in which a run shows this reason: the enum is in the order of the phases. */
  private static Phase phaseOf(RunReason reason) {
    if (reason.compareTo(RunReason.SuspendedByUser) < 0) {
      return Phase.Running;
    }
    if (reason.compareTo(RunReason.AbortRateExceeded) < 0) {
      return Phase.Suspended;
    }
    return switch (reason) {
      case AllTenantsCurrent, NoTenantMatched -> Phase.Succeeded;
      case PlanReady, PlanFoundProblems -> Phase.Planned;
      case CompletedWithFailures -> Phase.CompletedWithFailures;
      default -> Phase.Aborted;
    };
  }

  private static TenantMigrationRunStatus at(Phase phase, RunReason reason) {
    boolean good =
        reason == RunReason.AllTenantsCurrent
            || reason == RunReason.NoTenantMatched
            || reason == RunReason.PlanReady;
    return new ObjectMapper()
        .convertValue(
            Map.of(
                "phase",
                phase,
                "conditions",
                List.of(
                    condition("Ready", good, reason),
                    condition("Stalled", phase.isEnded() && !good, reason),
                    condition("Suspended", phase == Phase.Suspended, reason))),
            TenantMigrationRunStatus.class);
  }

  private static Condition condition(String type, boolean is, RunReason reason) {
    return new Condition(
        type,
        is ? Condition.Status.True : Condition.Status.False,
        1L,
        "2026-01-01T00:00:00Z",
        reason.name(),
        "words");
  }

  private static Stream<String> found(String text, String pattern) {
    return Pattern.compile(pattern).matcher(text).results().map(match -> match.group(1));
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
