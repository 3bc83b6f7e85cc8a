package dev.fleetway.e2e.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fleetway.e2e.tool.Command;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * {@code kubectl}, and {@code helm}, on the test cluster, which is one that was set up to be thrown
 * away: any other is refused before the first change.
 */
public final class Kubectl {
  public static final String KUBECONFIG_VARIABLE = "FLEETWAY_TEST_KUBECONFIG";
  private static final String DISPOSABLE = "fleetway.dev/disposable";
  private static final Duration USUAL = Duration.ofMinutes(2);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Command command;

  private Kubectl(Command command) {
    this.command = command;
  }

  /** The test cluster that the environment names. */
  static Kubectl ofTheTestCluster() {
    String kubeconfig = System.getenv(KUBECONFIG_VARIABLE);
    if (kubeconfig == null || kubeconfig.isBlank()) {
      throw new IllegalStateException(
          KUBECONFIG_VARIABLE + " is not set: start the scenarios with ./e2e/run");
    }
    Kubectl kubectl = new Kubectl(new Command(Map.of("KUBECONFIG", kubeconfig)));
    JsonNode labels =
        kubectl.json("get", "namespace", "kube-system", "-o", "json").at("/metadata/labels");
    if (!labels.path(DISPOSABLE).asText().equals("true")) {
      throw new IllegalStateException(
          "the cluster's kube-system has no label "
              + DISPOSABLE
              + "=true: scenarios create and delete things, and refuse a cluster that is used"
              + " otherwise");
    }
    return kubectl;
  }

  public String run(String... arguments) {
    return command.run(USUAL, "", kubectl(arguments));
  }

  public String runWithInput(String input, String... arguments) {
    return command.run(USUAL, input, kubectl(arguments));
  }

  public Command.Result tryRun(Duration timeout, String... arguments) {
    return command.tryRun(timeout, "", kubectl(arguments));
  }

  public JsonNode json(String... arguments) {
    return parse(run(arguments));
  }

  public String helm(Duration timeout, List<String> arguments) {
    return command.run(timeout, "", with("helm", arguments));
  }

  public Command.Result tryHelm(Duration timeout, String... arguments) {
    return command.tryRun(timeout, "", with("helm", Arrays.asList(arguments)));
  }

  public static JsonNode parse(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("not JSON: " + json, e);
    }
  }

  private static List<String> kubectl(String... arguments) {
    return with("kubectl", Arrays.asList(arguments));
  }

  private static List<String> with(String program, List<String> arguments) {
    List<String> words = new ArrayList<>(arguments.size() + 1);
    words.add(program);
    words.addAll(arguments);
    return words;
  }
}
