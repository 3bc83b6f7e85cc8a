package dev.fleetway.cli.tenant;

import dev.fleetway.api.v1alpha1.Tenant;
import dev.fleetway.cli.connect.Cluster;
import dev.fleetway.cli.exit.CommandFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Tenants by name or by label. */
final class TenantChoice {
  private final Cluster cluster;

  TenantChoice(Cluster cluster) {
    this.cluster = cluster;
  }

  /** Those with the labels; all without a selector. */
  List<Tenant> of(Optional<String> selector) {
    return selector
        .map(
            labels ->
                cluster.ask(
                    () ->
                        Cluster.all(
                            cluster
                                .client()
                                .resources(Tenant.class)
                                .inNamespace(cluster.namespace())
                                .withLabelSelector(labels))))
        .orElseGet(cluster::tenants);
  }

  /** Those with the names, or with the labels: a name that does not exist is an error. */
  List<Tenant> of(List<String> names, Optional<String> selector) {
    if (names.isEmpty() == selector.isEmpty()) {
      throw CommandFailure.usage("name tenants, or choose them with --selector, not both");
    }
    if (selector.isPresent()) {
      List<Tenant> found = of(selector);
      if (found.isEmpty()) {
        throw CommandFailure.usage(
            "no tenant in namespace " + cluster.namespace() + " has the labels " + selector.get());
      }
      return found;
    }
    Map<String, Tenant> known =
        cluster.tenants().stream()
            .collect(
                Collectors.toMap(tenant -> tenant.getMetadata().getName(), Function.identity()));
    List<Tenant> found = new ArrayList<>();
    for (String name : names.stream().distinct().toList()) {
      Tenant tenant = known.get(name);
      if (tenant == null) {
        throw cluster.notFound("tenant", name, List.copyOf(known.keySet()));
      }
      found.add(tenant);
    }
    return found;
  }
}
