package dev.fleetway.cli.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fleetway.api.v1alpha1.TenantMigrationRun;
import dev.fleetway.api.v1alpha1.TenantMigrationRunSpec.Mode;
import dev.fleetway.cli.exit.CommandFailure;
import dev.fleetway.cli.exit.ExitCode;
import dev.fleetway.cli.output.Documents;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The objects that make a run: its ConfigMaps, then the run. Nothing is in them that was not asked
 * for: in Git the free fields of a spec (suspend, abort, promote, attempt) must be absent.
 *
 * @param configMaps the bundle; none where it is an image or there already
 * @param run the run
 */
record RunManifests(List<ConfigMap> configMaps, ObjectNode run) {
  private static final ObjectMapper JSON = new ObjectMapper();

  static RunManifests of(
      String name, Mode mode, SourceOptions source, RolloutOptions rollout, List<ConfigMap> maps) {
    ObjectNode run = JsonNodeFactory.instance.objectNode();
    run.put("apiVersion", HasMetadata.getApiVersion(TenantMigrationRun.class));
    run.put("kind", HasMetadata.getKind(TenantMigrationRun.class));
    run.withObjectProperty("metadata").put("name", name);
    ObjectNode spec = run.withObjectProperty("spec");
    if (mode == Mode.Plan) {
      spec.put("mode", mode.name());
    }
    source.write(spec, maps.stream().map(map -> map.getMetadata().getName()).toList());
    rollout.write(spec);
    return new RunManifests(maps, run);
  }

  /** The run as the types know it, with all defaults. */
  TenantMigrationRun typed() {
    try {
      return JSON.treeToValue(run, TenantMigrationRun.class);
    } catch (JsonProcessingException e) {
      throw new CommandFailure(
          ExitCode.USAGE, "an option has a value that does not fit: " + e.getOriginalMessage(), e);
    }
  }

  /** All of them for Git, in this namespace where one is given. */
  String yaml(String namespace) {
    return documents(namespace).stream()
        .map(Documents::yaml)
        .collect(Collectors.joining("\n---\n"));
  }

  /** All of them in one List. */
  String json(String namespace) {
    ObjectNode list = JsonNodeFactory.instance.objectNode();
    list.put("apiVersion", "v1").put("kind", "List");
    documents(namespace).forEach(list.withArrayProperty("items")::add);
    return Documents.json(list);
  }

  private List<JsonNode> documents(String namespace) {
    List<JsonNode> documents = new ArrayList<>();
    configMaps.forEach(map -> documents.add(JSON.valueToTree(map)));
    documents.add(run.deepCopy());
    if (namespace != null) {
      documents.forEach(
          document -> ((ObjectNode) document.get("metadata")).put("namespace", namespace));
    }
    return documents;
  }
}
