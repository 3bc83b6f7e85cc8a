package dev.fleetway.cli.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.fleetway.api.v1alpha1.Tenant;
import dev.fleetway.api.v1alpha1.TenantMigrationRun;
import dev.fleetway.operator.model.RunNames;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Puts a fleet with runs into a namespace, statuses and ConfigMaps included, as the operator left
 * it: from the golden cases of the operator, or from YAML in the same form.
 */
public final class Fleet {
  private static final Path CASES = Path.of("..", "operator", "src", "test", "resources", "golden");
  private static final ObjectMapper YAML = new YAMLMapper();
  private static final ObjectMapper JSON = new ObjectMapper();

  private final KubernetesClient client;

  /** The server gives uids of its own: what names an old one shall name the new one. */
  private final List<String[]> uids = new ArrayList<>();

  public Fleet(KubernetesClient client) {
    this.client = client;
  }

  /** What the operator left behind in this case, such as {@code 05-a-cohort-aborts}. */
  public void afterTurn(String golden) {
    Path directory = CASES.resolve(golden);
    List<ObjectNode> objects = new ArrayList<>(documents(directory.resolve("in-run.yaml")));
    withStatusAfter(directory, objects);
    objects.addAll(surroundings(directory));
    try (DirectoryStream<Path> results =
        Files.newDirectoryStream(directory, "out-ConfigMap-*-result.yaml")) {
      results.forEach(file -> objects.addAll(documents(file)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    create(objects);
  }

  /** The run alone as the operator left it in this case, under another name. */
  public void afterTurn(String golden, String name) {
    Path directory = CASES.resolve(golden);
    List<ObjectNode> objects = documents(directory.resolve("in-run.yaml"));
    withStatusAfter(directory, objects);
    ((ObjectNode) objects.get(0).get("metadata")).put("name", name);
    create(objects.subList(0, 1));
  }

  /** Lets the run of this case, which is there, have the status that the operator gave it. */
  public void statusAfterTurn(String golden) {
    Path directory = CASES.resolve(golden);
    List<ObjectNode> runs = documents(directory.resolve("in-run.yaml"));
    withStatusAfter(directory, runs);
    status(TenantMigrationRun.class, runs.get(0));
  }

  /** What the operator found in this case. */
  public void beforeTurn(String golden) {
    Path directory = CASES.resolve(golden);
    List<ObjectNode> objects = new ArrayList<>(documents(directory.resolve("in-run.yaml")));
    objects.addAll(surroundings(directory));
    create(objects);
  }

  private static void withStatusAfter(Path directory, List<ObjectNode> runs) {
    ObjectNode after = documents(directory.resolve("out-status.yaml")).get(0);
    runs.get(0).set("status", after.get("status"));
  }

  private static List<ObjectNode> surroundings(Path directory) {
    List<ObjectNode> objects = new ArrayList<>(documents(directory.resolve("in-tenants.yaml")));
    objects.addAll(documents(directory.resolve("in-configmaps.yaml")));
    return objects;
  }

  /** The objects of this file. */
  public void of(Path file) {
    create(documents(file));
  }

  private static List<ObjectNode> documents(Path file) {
    if (!Files.exists(file)) {
      return List.of();
    }
    try {
      List<ObjectNode> found = new ArrayList<>();
      String text = Files.readString(file, StandardCharsets.UTF_8);
      YAML.readerFor(JsonNode.class)
          .readValues(text)
          .forEachRemaining(
              document -> {
                if (document instanceof ObjectNode object) {
                  found.add(object);
                }
              });
      return found;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Owners first: runs, then tenants, then what belongs to them. */
  private void create(List<ObjectNode> objects) {
    objects.stream().filter(o -> isKind(o, "TenantMigrationRun")).forEach(this::createOwner);
    objects.stream().filter(o -> isKind(o, "Tenant")).forEach(this::createOwner);
    for (ObjectNode object : objects) {
      switch (object.path("kind").asText()) {
        case "TenantMigrationRun" -> status(TenantMigrationRun.class, object);
        case "Tenant" -> status(Tenant.class, object);
        default -> client.resource(labelled(read(ConfigMap.class, withTextData(object)))).create();
      }
    }
  }

  private void createOwner(ObjectNode object) {
    Class<? extends HasMetadata> type =
        isKind(object, "Tenant") ? Tenant.class : TenantMigrationRun.class;
    HasMetadata wanted = read(type, object);
    wanted.getMetadata().setFinalizers(null);
    String old = wanted.getMetadata().getUid();
    HasMetadata created = client.resource(wanted).create();
    if (old != null) {
      uids.add(new String[] {old, created.getMetadata().getUid()});
    }
  }

  private <T extends HasMetadata> void status(Class<T> type, ObjectNode object) {
    if (!object.has("status")) {
      return;
    }
    T wanted = read(type, object);
    T stored = client.resources(type).withName(wanted.getMetadata().getName()).get();
    wanted.getMetadata().setResourceVersion(stored.getMetadata().getResourceVersion());
    wanted.getMetadata().setUid(stored.getMetadata().getUid());
    client.resource(wanted).updateStatus();
  }

  private <T extends HasMetadata> T read(Class<T> type, ObjectNode object) {
    try {
      String text = JSON.writeValueAsString(object);
      for (String[] uid : uids) {
        text = text.replace(uid[0], uid[1]);
      }
      T read = client.getKubernetesSerialization().unmarshal(text, type);
      read.getMetadata().setNamespace(client.getNamespace());
      read.getMetadata().setResourceVersion(null);
      return read;
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The cases leave out the labels of what was there before the turn. */
  private static ConfigMap labelled(ConfigMap map) {
    return new ConfigMapBuilder(map)
        .editMetadata()
        .addToLabels(RunNames.RUN_LABEL, map.getMetadata().getOwnerReferences().get(0).getName())
        .endMetadata()
        .build();
  }

  /** The golden files show the JSON in a ConfigMap as YAML. */
  private static ObjectNode withTextData(ObjectNode configMap) {
    ObjectNode data = (ObjectNode) configMap.path("data");
    data.properties()
        .forEach(
            entry -> {
              if (entry.getValue().isObject()) {
                data.put(entry.getKey(), entry.getValue().toString());
              }
            });
    return configMap;
  }

  private static boolean isKind(ObjectNode object, String kind) {
    return object.path("kind").asText().equals(kind);
  }
}
