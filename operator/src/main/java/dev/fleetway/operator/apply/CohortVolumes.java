package dev.fleetway.operator.apply;

import dev.fleetway.api.pod.Assignment;
import dev.fleetway.api.v1alpha1.TenantSpec.CredentialsSecretRef;
import dev.fleetway.operator.model.RunNames;
import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import io.fabric8.kubernetes.api.model.VolumeProjection;
import io.fabric8.kubernetes.api.model.VolumeProjectionBuilder;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The assignment and the credentials of one cohort: its own, and nobody else's. */
record CohortVolumes(String assignmentConfigMap, Assignment assignment) {
  static final String CREDENTIALS = "/fleetway/credentials";
  private static final String ASSIGNMENT = "/fleetway/assignment";
  static final String ASSIGNMENT_FILE = ASSIGNMENT + "/" + RunNames.ASSIGNMENT_KEY;
  private static final int READ_BY_ALL = 0444;

  List<Volume> volumes() {
    return List.of(
        new VolumeBuilder()
            .withName("assignment")
            .withNewConfigMap()
            .withName(assignmentConfigMap)
            .endConfigMap()
            .build(),
        new VolumeBuilder()
            .withName("credentials")
            .withNewProjected()
            .withDefaultMode(READ_BY_ALL)
            .withSources(projections())
            .endProjected()
            .build());
  }

  List<VolumeMount> mounts() {
    return List.of(mount("assignment", ASSIGNMENT), mount("credentials", CREDENTIALS));
  }

  /**
   * One source per Secret, one directory per Secret; a missing one fails its tenants, not the pod.
   */
  private List<VolumeProjection> projections() {
    Map<String, NavigableSet<String>> keys = new TreeMap<>();
    for (Assignment.Member member : assignment.tenants()) {
      CredentialsSecretRef ref = member.database().credentialsSecretRef();
      NavigableSet<String> wanted = keys.computeIfAbsent(ref.name(), name -> new TreeSet<>());
      Stream.of(ref.usernameKey(), ref.passwordKey(), ref.caKey(), ref.certKey(), ref.keyKey())
          .filter(Objects::nonNull)
          .forEach(wanted::add);
    }
    return keys.entrySet().stream()
        .map(
            secret ->
                new VolumeProjectionBuilder()
                    .withNewSecret()
                    .withName(secret.getKey())
                    .withOptional(true)
                    .withItems(
                        secret.getValue().stream()
                            .map(key -> new KeyToPath(key, null, secret.getKey() + "/" + key))
                            .toList())
                    .endSecret()
                    .build())
        .toList();
  }

  private static VolumeMount mount(String volume, String path) {
    return new VolumeMountBuilder().withName(volume).withMountPath(path).withReadOnly(true).build();
  }
}
