package dev.fleetway.e2e.privilege;

import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** What the chart grants to each ServiceAccount that it creates, by its Roles and RoleBindings. */
final class ChartRoles {
  private ChartRoles() {}

  /** What each Role and ClusterRole grants, by its name. */
  static Map<String, Set<ApiAccess>> rolesIn(String manifests) {
    Map<String, Set<ApiAccess>> roles = new TreeMap<>();
    ofKind(manifests, "Role", "ClusterRole")
        .forEach(role -> roles.put(name(role), ApiAccess.grantedBy(role)));
    return roles;
  }

  /** What each ServiceAccount is granted, by its name. */
  static Map<String, Set<ApiAccess>> in(String manifests) {
    Map<String, Set<ApiAccess>> roles = rolesIn(manifests);
    Map<String, Set<ApiAccess>> granted = new TreeMap<>();
    ofKind(manifests, "RoleBinding", "ClusterRoleBinding")
        .forEach(
            binding -> {
              Object role = ((Map<?, ?>) binding.get("roleRef")).get("name");
              for (Object subject : (List<?>) binding.get("subjects")) {
                granted
                    .computeIfAbsent(
                        ((Map<?, ?>) subject).get("name").toString(), name -> new TreeSet<>())
                    .addAll(roles.get(role.toString()));
              }
            });
    return granted;
  }

  private static Stream<Map<String, Object>> ofKind(String manifests, String... kinds) {
    return Arrays.stream(manifests.split("(?m)^---$", -1))
        .filter(document -> document.contains("kind:"))
        .map(ChartRoles::parse)
        .filter(object -> List.of(kinds).contains(object.get("kind")));
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> parse(String document) {
    return Serialization.unmarshal(document, Map.class);
  }

  private static String name(Map<String, Object> object) {
    return ((Map<?, ?>) object.get("metadata")).get("name").toString();
  }
}
