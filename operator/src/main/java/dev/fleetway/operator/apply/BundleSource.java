package dev.fleetway.operator.apply;

import dev.fleetway.api.v1alpha1.Migrations;
import dev.fleetway.api.v1alpha1.Migrations.Image;
import dev.fleetway.api.v1alpha1.Migrations.Mount;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How the SQL scripts reach a pod.
 *
 * @param directory where the runner finds them
 * @param runnerImage the runner image that already holds them; else empty
 */
record BundleSource(
    String directory,
    Optional<String> runnerImage,
    List<Container> initContainers,
    List<Volume> volumes,
    List<VolumeMount> mounts) {

  static final String INIT_CONTAINER = "bundle";
  private static final String DIRECTORY = "/fleetway/bundle";

  static BundleSource of(Migrations migrations) {
    Image image = migrations.image();
    if (image == null) {
      return configMaps(migrations);
    }
    return image.mount() == Mount.Runner
        ? new BundleSource(
            image.path(), Optional.of(image.reference()), List.of(), List.of(), List.of())
        : copy(image);
  }

  /** One directory each: a file name in two ConfigMaps must be seen, not silently lost. */
  private static BundleSource configMaps(Migrations migrations) {
    List<Volume> volumes = new ArrayList<>();
    List<VolumeMount> mounts = new ArrayList<>();
    for (var ref : migrations.configMapRefs()) {
      int index = volumes.size();
      String name = "bundle-" + index;
      volumes.add(
          new VolumeBuilder()
              .withName(name)
              .withNewConfigMap()
              .withName(ref.name())
              .endConfigMap()
              .build());
      mounts.add(mount(name, DIRECTORY + "/" + index, true));
    }
    return new BundleSource(DIRECTORY, Optional.empty(), List.of(), volumes, mounts);
  }

  private static BundleSource copy(Image image) {
    Volume volume =
        new VolumeBuilder().withName(INIT_CONTAINER).withNewEmptyDir().endEmptyDir().build();
    Container init =
        new ContainerBuilder()
            .withName(INIT_CONTAINER)
            .withImage(image.reference())
            .withCommand("cp", "-r", image.path() + "/.", DIRECTORY)
            .withVolumeMounts(mount(INIT_CONTAINER, DIRECTORY, false))
            .build();
    return new BundleSource(
        DIRECTORY,
        Optional.empty(),
        List.of(init),
        List.of(volume),
        List.of(mount(INIT_CONTAINER, DIRECTORY, true)));
  }

  private static VolumeMount mount(String volume, String path, boolean readOnly) {
    return new VolumeMountBuilder()
        .withName(volume)
        .withMountPath(path)
        .withReadOnly(readOnly)
        .build();
  }
}
