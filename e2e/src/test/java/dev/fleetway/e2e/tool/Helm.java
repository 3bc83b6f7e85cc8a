package dev.fleetway.e2e.tool;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** {@code helm} where it needs no cluster: what it makes of the chart. */
public final class Helm {
  /** As people who stand in the source tree name the chart. */
  public static final String RELATIVE = "helm/fleetway";

  public static final String CHART = SourceTree.file(RELATIVE).toString();
  private static final Duration SHORT = Duration.ofMinutes(1);
  private static final Command COMMAND = new Command(Map.of());

  private Helm() {}

  public static Command.Result run(String... arguments) {
    List<String> words = new ArrayList<>(List.of("helm"));
    words.addAll(List.of(arguments));
    return COMMAND.tryRun(SHORT, "", words);
  }

  /** The manifests of a release {@code fleetway} in {@code fleetway-system}. */
  public static Command.Result template(String... arguments) {
    List<String> words =
        new ArrayList<>(
            List.of("template", "fleetway", CHART, "-n", "fleetway-system", "--kube-version=1.34"));
    words.addAll(List.of(arguments));
    return run(words.toArray(new String[0]));
  }

  private static boolean isThere() {
    try {
      return run("version", "--short").succeeded();
    } catch (UncheckedIOException e) {
      return false;
    }
  }

  /** Skips where there is no helm, but with {@code CI=true} lets the tests fail instead. */
  public static final class Gate implements ExecutionCondition {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
      return isThere() || "true".equals(System.getenv("CI"))
          ? ConditionEvaluationResult.enabled("helm is there, or must be")
          : ConditionEvaluationResult.disabled("there is no helm on the PATH");
    }
  }
}
