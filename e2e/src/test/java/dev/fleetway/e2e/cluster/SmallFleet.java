package dev.fleetway.e2e.cluster;

import dev.fleetway.sandbox.fleet.Bundle;
import dev.fleetway.sandbox.fleet.Fleet;
import dev.fleetway.sandbox.scenario.FleetPlace;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.stream.Collectors;

/** Tenants with an empty database each, and the sample bundle as a ConfigMap. */
public final class SmallFleet {
  public static final String BUNDLE = "sample-migrations";

  private SmallFleet() {}

  /** Creates as many tenants as the shape of the place says; returns their databases. */
  public static List<String> in(KubectlPlace place) {
    List<String> tenants = Fleet.names(place.shape().tenants());
    List<String> databases = tenants.stream().map(Fleet::database).toList();
    place.execute(
        "postgres",
        databases.stream()
            .map(database -> "CREATE DATABASE " + database + ";\n")
            .collect(Collectors.joining()));
    place.apply(Serialization.asYaml(Bundle.sample().toConfigMap(place.namespace(), BUNDLE)));
    FleetPlace.Server server = place.server();
    place.apply(
        new Fleet(
                place.namespace(),
                tenants,
                server.host(),
                server.port(),
                server.user(),
                server.password())
            .manifests().stream().map(Serialization::asYaml).collect(Collectors.joining("\n")));
    return databases;
  }
}
