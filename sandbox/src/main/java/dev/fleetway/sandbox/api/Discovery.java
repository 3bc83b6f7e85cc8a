package dev.fleetway.sandbox.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** What clients ask before they ask for objects: version, groups, resources, schemas. */
final class Discovery {
  private static final String[] VERBS = {
    "create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"
  };

  private final ResourceCatalogue catalogue;

  Discovery(ResourceCatalogue catalogue) {
    this.catalogue = catalogue;
  }

  /** The answer for a path that is about the API itself; empty for all others. */
  Optional<ObjectNode> answer(List<String> path) {
    String joined = String.join("/", path);
    return switch (joined) {
      case "version" -> Optional.of(version());
      case "api" -> Optional.of(coreVersions());
      case "apis" -> Optional.of(groups());
      case "healthz", "livez", "readyz" -> Optional.of(Json.empty());
      case "openapi/v3" -> Optional.of(schemas());
      default -> {
        if (joined.startsWith("openapi/v3/")) {
          yield resources(joined.substring("openapi/v3/".length()))
              .map(found -> OpenApi.document(catalogue.inGroup(groupOf(path, 2))));
        }
        yield joined.startsWith("apis/") && path.size() == 2
            ? group(path.get(1))
            : resources(joined);
      }
    };
  }

  private static String groupOf(List<String> path, int from) {
    return String.join("/", path.subList(from, path.size()));
  }

  private static ObjectNode version() {
    return Json.empty()
        .put("major", "1")
        .put("minor", "34")
        .put("gitVersion", "v1.34.4-fleetway-sandbox")
        .put("platform", "java/" + System.getProperty("os.arch").toLowerCase(Locale.ROOT));
  }

  private static ObjectNode coreVersions() {
    ObjectNode versions = Json.object("v1", "APIVersions");
    versions.putArray("versions").add("v1");
    versions.putArray("serverAddressByClientCIDRs");
    return versions;
  }

  private ObjectNode groups() {
    ObjectNode list = Json.object("v1", "APIGroupList");
    ArrayNode groups = list.putArray("groups");
    Set<String> names = new LinkedHashSet<>();
    catalogue.all().forEach(type -> names.add(type.group()));
    names.remove("");
    names.forEach(name -> group(name).ifPresent(groups::add));
    return list;
  }

  private Optional<ObjectNode> group(String name) {
    Set<String> versions = new LinkedHashSet<>();
    catalogue.all().stream()
        .filter(type -> type.group().equals(name))
        .forEach(type -> versions.add(type.version()));
    if (versions.isEmpty()) {
      return Optional.empty();
    }
    ObjectNode group = Json.object("v1", "APIGroup").put("name", name);
    ArrayNode list = group.putArray("versions");
    for (String version : versions) {
      list.addObject().put("groupVersion", name + "/" + version).put("version", version);
    }
    group.set("preferredVersion", list.get(0));
    return Optional.of(group);
  }

  private Optional<ObjectNode> resources(String groupPath) {
    List<ResourceType> types = catalogue.inGroup(groupPath);
    if (types.isEmpty()) {
      return Optional.empty();
    }
    ObjectNode list = Json.object("v1", "APIResourceList");
    list.put("groupVersion", types.get(0).apiVersion());
    ArrayNode resources = list.putArray("resources");
    for (ResourceType type : types) {
      ObjectNode resource = resource(resources, type, type.plural(), VERBS);
      resource.put("singularName", type.singular());
      ArrayNode shortNames = resource.putArray("shortNames");
      type.shortNames().forEach(shortNames::add);
      if (type.hasStatus()) {
        resource(resources, type, type.plural() + "/status", "get", "patch", "update");
      }
    }
    return Optional.of(list);
  }

  private static ObjectNode resource(
      ArrayNode resources, ResourceType type, String name, String... verbs) {
    ObjectNode resource =
        resources
            .addObject()
            .put("name", name)
            .put("singularName", "")
            .put("namespaced", type.namespaced())
            .put("kind", type.kind());
    ArrayNode list = resource.putArray("verbs");
    for (String verb : verbs) {
      list.add(verb);
    }
    return resource;
  }

  private ObjectNode schemas() {
    ObjectNode root = Json.empty();
    ObjectNode paths = root.putObject("paths");
    catalogue
        .all()
        .forEach(
            type ->
                Json.child(paths, type.groupPath())
                    .put("serverRelativeURL", "/openapi/v3/" + type.groupPath()));
    return root;
  }
}
