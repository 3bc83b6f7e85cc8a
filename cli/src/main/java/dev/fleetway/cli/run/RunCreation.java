package dev.fleetway.cli.run;

import dev.fleetway.api.v1alpha1.TenantMigrationRun;
import dev.fleetway.cli.connect.Cluster;
import dev.fleetway.cli.exit.CommandFailure;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.ArrayList;
import java.util.List;

/** Puts a run and its ConfigMaps into the cluster: all of them, or none. */
final class RunCreation {
  private final Cluster cluster;

  RunCreation(Cluster cluster) {
    this.cluster = cluster;
  }

  /** The ConfigMaps first, or the inspect pod would wait for them; then the run that owns them. */
  void create(String name, RunManifests manifests) {
    TenantMigrationRun run = manifests.typed();
    if (cluster.findRun(name).isPresent()) {
      throw CommandFailure.usage(
          "a run " + name + " exists already: choose another name, or see fleetway status " + name);
    }
    List<ConfigMap> created = new ArrayList<>();
    TenantMigrationRun stored;
    try {
      for (ConfigMap map : manifests.configMaps()) {
        if (createOrTake(map)) {
          created.add(map);
        }
      }
      stored = cluster.ask(() -> create(run));
    } catch (CommandFailure e) {
      created.forEach(this::delete);
      throw e;
    }
    manifests.configMaps().forEach(map -> own(map, stored));
  }

  /** What the API server says of it, with nothing stored. */
  void rehearse(TenantMigrationRun run, RunManifests manifests) {
    cluster.ask(
        () -> {
          manifests
              .configMaps()
              .forEach(
                  map ->
                      cluster
                          .client()
                          .configMaps()
                          .inNamespace(cluster.namespace())
                          .resource(map)
                          .dryRun()
                          .create());
          return cluster
              .client()
              .resources(TenantMigrationRun.class)
              .inNamespace(cluster.namespace())
              .resource(run)
              .dryRun()
              .create();
        });
  }

  private TenantMigrationRun create(TenantMigrationRun run) {
    return cluster
        .client()
        .resources(TenantMigrationRun.class)
        .inNamespace(cluster.namespace())
        .resource(run)
        .create();
  }

  /** True when it was not there: its name has the digest, so one that is there is the same. */
  private boolean createOrTake(ConfigMap map) {
    return cluster.ask(
        () -> {
          try {
            cluster.client().configMaps().inNamespace(cluster.namespace()).resource(map).create();
            return true;
          } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
              return false;
            }
            throw e;
          }
        });
  }

  private void delete(ConfigMap map) {
    cluster.ask(
        () ->
            cluster.client().configMaps().inNamespace(cluster.namespace()).resource(map).delete());
  }

  /** They go when the run goes. */
  private void own(ConfigMap map, TenantMigrationRun run) {
    OwnerReference owner =
        new OwnerReferenceBuilder()
            .withApiVersion(run.getApiVersion())
            .withKind(run.getKind())
            .withName(run.getMetadata().getName())
            .withUid(run.getMetadata().getUid())
            .build();
    cluster.ask(
        () ->
            cluster
                .client()
                .configMaps()
                .inNamespace(cluster.namespace())
                .withName(map.getMetadata().getName())
                .edit(
                    stored ->
                        new ConfigMapBuilder(stored)
                            .editMetadata()
                            .withOwnerReferences(owner)
                            .endMetadata()
                            .build()));
  }
}
