package dev.fleetway.sandbox.jobs;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeProjection;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;

/**
 * The file system that a container would see, as a directory of this machine: every mount path lies
 * below {@link #root}, laid out as a kubelet does, with {@code ..data} and symbolic links.
 */
final class PodFiles {
  static final String TERMINATION_LOG = "/dev/termination-log";

  private final Path root;
  private final KubernetesClient client;
  private final Pod pod;

  PodFiles(Path root, KubernetesClient client, Pod pod) {
    this.root = root;
    this.client = client;
    this.pod = pod;
  }

  /** A volume cannot be set up; the kubelet would say so and try again. */
  static final class MountException extends Exception {
    private static final long serialVersionUID = 1L;

    MountException(String message) {
      super(message);
    }
  }

  /** Writes all volumes of the container. */
  void mount(Container container) throws MountException, IOException {
    Map<String, Volume> volumes = new HashMap<>();
    pod.getSpec().getVolumes().forEach(volume -> volumes.put(volume.getName(), volume));
    Files.createDirectories(root.resolve("dev"));
    Files.writeString(host(TERMINATION_LOG), "");
    for (VolumeMount mount : container.getVolumeMounts()) {
      Path target = host(mount.getMountPath());
      Volume volume = volumes.get(mount.getName());
      if (volume.getEmptyDir() != null) {
        Files.createDirectories(target);
      } else {
        write(target, content(volume));
      }
    }
  }

  /**
   * Gives the volumes with Secrets what the Secrets hold now; those that are gone lose their files.
   */
  void refresh(Container container) throws MountException, IOException {
    Map<String, Volume> volumes = new HashMap<>();
    pod.getSpec().getVolumes().forEach(volume -> volumes.put(volume.getName(), volume));
    for (VolumeMount mount : container.getVolumeMounts()) {
      Volume volume = volumes.get(mount.getName());
      if (volume.getSecret() != null || volume.getProjected() != null) {
        write(host(mount.getMountPath()), content(volume));
      }
    }
  }

  private Map<String, byte[]> content(Volume volume) throws MountException {
    Map<String, byte[]> files = new TreeMap<>();
    if (volume.getConfigMap() != null) {
      var source = volume.getConfigMap();
      configMap(volume, source.getName(), isTrue(source.getOptional()), source.getItems(), files);
    } else if (volume.getSecret() != null) {
      var source = volume.getSecret();
      secret(
          volume, source.getSecretName(), isTrue(source.getOptional()), source.getItems(), files);
    } else if (volume.getProjected() != null) {
      for (VolumeProjection projection : volume.getProjected().getSources()) {
        project(volume, projection, files);
      }
    } else {
      throw failure(volume, "the sandbox knows no such volume");
    }
    return files;
  }

  private void project(Volume volume, VolumeProjection projection, Map<String, byte[]> files)
      throws MountException {
    if (projection.getSecret() != null) {
      var source = projection.getSecret();
      secret(volume, source.getName(), isTrue(source.getOptional()), source.getItems(), files);
    } else if (projection.getConfigMap() != null) {
      var source = projection.getConfigMap();
      configMap(volume, source.getName(), isTrue(source.getOptional()), source.getItems(), files);
    } else {
      throw failure(volume, "the sandbox knows no such projection");
    }
  }

  private void configMap(
      Volume volume,
      String name,
      boolean optional,
      List<KeyToPath> items,
      Map<String, byte[]> files)
      throws MountException {
    ConfigMap found =
        client.configMaps().inNamespace(pod.getMetadata().getNamespace()).withName(name).get();
    if (found == null && !optional) {
      throw failure(volume, "configmap \"" + name + "\" not found");
    }
    Map<String, byte[]> data = new HashMap<>();
    if (found != null) {
      found.getData().forEach((key, text) -> data.put(key, text.getBytes(StandardCharsets.UTF_8)));
      found.getBinaryData().forEach((key, text) -> data.put(key, Base64.getDecoder().decode(text)));
    }
    select(volume, name, optional, items, data, files);
  }

  private void secret(
      Volume volume,
      String name,
      boolean optional,
      List<KeyToPath> items,
      Map<String, byte[]> files)
      throws MountException {
    Secret found =
        client.secrets().inNamespace(pod.getMetadata().getNamespace()).withName(name).get();
    if (found == null && !optional) {
      throw failure(volume, "secret \"" + name + "\" not found");
    }
    Map<String, byte[]> data = new HashMap<>();
    if (found != null && found.getData() != null) {
      found.getData().forEach((key, text) -> data.put(key, Base64.getDecoder().decode(text)));
    }
    select(volume, name, optional, items, data, files);
  }

  private static void select(
      Volume volume,
      String source,
      boolean optional,
      List<KeyToPath> items,
      Map<String, byte[]> data,
      Map<String, byte[]> files)
      throws MountException {
    if (items == null || items.isEmpty()) {
      files.putAll(data);
      return;
    }
    for (KeyToPath item : items) {
      if (data.containsKey(item.getKey())) {
        files.put(item.getPath(), data.get(item.getKey()));
      } else if (!optional) {
        throw failure(volume, "references non-existent key of " + source + ": " + item.getKey());
      }
    }
  }

  private static MountException failure(Volume volume, String why) {
    return new MountException(
        "MountVolume.SetUp failed for volume \"" + volume.getName() + "\" : " + why);
  }

  /** As a kubelet does it: whoever reads meanwhile finds all old files or all new ones. */
  private static void write(Path target, Map<String, byte[]> files) throws IOException {
    Path current = target.resolve("..data");
    Optional<Path> before =
        Files.exists(current) ? Optional.of(current.toRealPath()) : Optional.empty();
    Path data = Files.createDirectories(target.resolve("..data-" + UUID.randomUUID()));
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      Path path = data.resolve(file.getKey()).normalize();
      if (!path.startsWith(data)) {
        throw new IOException("a path of the volume leaves it: " + file.getKey());
      }
      Files.createDirectories(path.getParent());
      Files.write(path, file.getValue());
    }
    Path link = Files.createSymbolicLink(target.resolve("..next"), data.getFileName());
    Files.move(link, current, StandardCopyOption.ATOMIC_MOVE);
    Set<Path> names = names(data);
    for (Path name : names) {
      Path visible = target.resolve(name);
      if (!Files.isSymbolicLink(visible)) {
        Files.createSymbolicLink(visible, Path.of("..data").resolve(name));
      }
    }
    if (before.isPresent()) {
      for (Path name : names(before.get())) {
        if (!names.contains(name)) {
          Files.delete(target.resolve(name));
        }
      }
      FileUtils.deleteDirectory(before.get().toFile());
    }
  }

  private static Set<Path> names(Path directory) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.map(Path::getFileName).collect(Collectors.toSet());
    }
  }

  /** Where a path of the container is on this machine. */
  Path host(String path) {
    return root.resolve(path.substring(1));
  }

  /**
   * A value of the environment as the process needs it: a path into a mount, or to a directory that
   * holds mounts, becomes a path of this machine.
   */
  String translate(String value, Container container) {
    if (value == null || !value.startsWith("/")) {
      return value;
    }
    boolean mounted =
        value.equals(TERMINATION_LOG)
            || container.getVolumeMounts().stream()
                .map(VolumeMount::getMountPath)
                .anyMatch(
                    mount ->
                        value.equals(mount)
                            || value.startsWith(mount + "/")
                            || mount.startsWith(value + "/"));
    return mounted ? host(value).toString() : value;
  }

  private static boolean isTrue(Boolean flag) {
    return Boolean.TRUE.equals(flag);
  }
}
