package dev.fleetway.cli.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.fleetway.cli.exit.CommandFailure;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code --set path=value}: what of a spec may change together with a higher attempt. Pure. */
final class Settings {
  private static final YAMLMapper YAML = new YAMLMapper();
  private static final List<String> ALLOWED =
      List.of("execution.", "runner.", "compatibility.", "rollout.stagger", "rollout.abortRate");

  private Settings() {}

  /** Path and value of each; a value is read as YAML, so that numbers are numbers. */
  static Map<String, JsonNode> parse(List<String> settings) {
    Map<String, JsonNode> parsed = new LinkedHashMap<>();
    for (String setting : settings) {
      int equals = setting.indexOf('=');
      if (equals <= 0) {
        throw CommandFailure.usage(
            "--set " + setting + " has no value: write it as execution.tenantTimeout=10m");
      }
      String path = setting.substring(0, equals);
      if (ALLOWED.stream().noneMatch(path::startsWith)) {
        throw CommandFailure.usage(
            "--set "
                + path
                + " cannot change with an attempt: that can execution, runner, compatibility,"
                + " rollout.stagger and rollout.abortRate. For anything else create a new run");
      }
      parsed.put(path, value(path, setting.substring(equals + 1)));
    }
    return parsed;
  }

  private static JsonNode value(String path, String text) {
    try {
      JsonNode value = YAML.readTree(text);
      boolean word = path.equals("compatibility.codeVersion") || value == null || value.isNull();
      return word ? YAML.getNodeFactory().textNode(text) : value;
    } catch (JsonProcessingException e) {
      return YAML.getNodeFactory().textNode(text);
    }
  }

  /** Puts the value where the path leads, below what is there. */
  static void put(ObjectNode spec, String path, JsonNode value) {
    String[] steps = path.split("\\.", -1);
    ObjectNode at = spec;
    for (int i = 0; i < steps.length - 1; i++) {
      at = at.withObjectProperty(steps[i]);
    }
    at.set(steps[steps.length - 1], value);
  }
}
