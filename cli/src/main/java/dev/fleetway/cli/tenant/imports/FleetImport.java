package dev.fleetway.cli.tenant.imports;

import dev.fleetway.api.v1alpha1.Tenant;
import dev.fleetway.cli.connect.Cluster;
import dev.fleetway.cli.exit.CommandFailure;
import dev.fleetway.cli.exit.ExitCode;
import dev.fleetway.cli.tenant.imports.ImportRow.Action;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.net.HttpURLConnection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Brings Tenants and Secrets into step with a source, by server-side apply. */
final class FleetImport {
  static final String FIELD_MANAGER = "fleetway-import";
  private static final int UNPROCESSABLE = 422;

  private final Cluster cluster;
  private final boolean force;

  /**
   * @param force takes fields that somebody else has set since
   */
  FleetImport(Cluster cluster, boolean force) {
    this.cluster = cluster;
    this.force = force;
  }

  /**
   * What would change, as the API server sees it.
   *
   * @param rows one for each tenant of the source, in its order
   * @param gone names of tenants that an earlier import made and that the source no longer has
   */
  record Plan(List<ImportRow> rows, List<String> gone) {}

  /** Asks; nothing is written. */
  Plan plan(List<ImportedTenant> tenants) {
    requireOneLoginPerSecret(tenants);
    Map<String, GenericKubernetesResource> stored =
        stored().stream()
            .collect(
                Collectors.toMap(tenant -> tenant.getMetadata().getName(), Function.identity()));
    List<ImportRow> rows =
        Together.map(
            tenants, tenant -> look(tenant, Optional.ofNullable(stored.get(tenant.name()))));
    Set<String> wanted = tenants.stream().map(ImportedTenant::name).collect(Collectors.toSet());
    return new Plan(
        rows,
        stored.values().stream()
            .filter(FleetImport::isImported)
            .map(tenant -> tenant.getMetadata().getName())
            .filter(name -> !wanted.contains(name))
            .sorted()
            .toList());
  }

  /** Writes what the plan says: a login before the tenant that refers to it. */
  void apply(List<ImportedTenant> tenants, Plan plan) {
    Map<String, ImportRow> rows =
        plan.rows().stream().collect(Collectors.toMap(ImportRow::name, Function.identity()));
    List<String> unused =
        Together.map(
            tenants,
            tenant -> {
              apply(tenant, rows.get(tenant.name()));
              return tenant.name();
            });
  }

  private void apply(ImportedTenant tenant, ImportRow row) {
    if (row.secret() == Action.create || row.secret() == Action.change) {
      tenant.secret(cluster.namespace()).ifPresent(secret -> apply(tenant, secret, false));
    }
    if (row.action() != Action.unchanged) {
      HasMetadata unused = apply(tenant, tenant.tenant(cluster.namespace()), false);
    }
  }

  private ImportRow look(ImportedTenant tenant, Optional<GenericKubernetesResource> before) {
    List<String> changes = new ArrayList<>();
    Action secret = secret(tenant, changes);
    GenericKubernetesResource after = apply(tenant, tenant.tenant(cluster.namespace()), true);
    if (before.isEmpty()) {
      return new ImportRow(tenant.name(), Action.create, secret, changes);
    }
    List<String> fields = Difference.ofTenants(before.get(), after);
    changes.addAll(0, fields);
    return new ImportRow(
        tenant.name(), fields.isEmpty() ? Action.unchanged : Action.change, secret, changes);
  }

  private Action secret(ImportedTenant tenant, List<String> changes) {
    Optional<Secret> wanted = tenant.secret(cluster.namespace());
    if (wanted.isEmpty()) {
      return Action.given;
    }
    Secret before =
        cluster.ask(
            () ->
                cluster
                    .client()
                    .secrets()
                    .inNamespace(cluster.namespace())
                    .withName(tenant.secretName())
                    .get());
    List<String> keys = before == null ? List.of() : Difference.ofSecrets(before, wanted.get());
    if (before != null && keys.isEmpty()) {
      return Action.unchanged;
    }
    Secret unused = apply(tenant, wanted.get(), true);
    changes.addAll(keys);
    return before == null ? Action.create : Action.change;
  }

  private List<GenericKubernetesResource> stored() {
    return cluster.ask(
        () ->
            Cluster.all(
                cluster
                    .client()
                    .genericKubernetesResources(
                        ResourceDefinitionContext.fromResourceType(Tenant.class))
                    .inNamespace(cluster.namespace())));
  }

  private static boolean isImported(GenericKubernetesResource tenant) {
    return tenant.getMetadata().getManagedFields().stream()
        .map(ManagedFieldsEntry::getManager)
        .anyMatch(FIELD_MANAGER::equals);
  }

  private <T extends HasMetadata> T apply(ImportedTenant tenant, T object, boolean dryRun) {
    return cluster.ask(
        () -> {
          try {
            return cluster
                .client()
                .resource(object)
                .patch(
                    new PatchContext.Builder()
                        .withPatchType(PatchType.SERVER_SIDE_APPLY)
                        .withFieldManager(FIELD_MANAGER)
                        .withForce(force)
                        .withDryRun(dryRun ? List.of("All") : null)
                        .build());
          } catch (KubernetesClientException e) {
            throw explained(tenant, object, e);
          }
        });
  }

  private static RuntimeException explained(
      ImportedTenant tenant, HasMetadata object, KubernetesClientException e) {
    String where = "tenant %s (%s): ".formatted(tenant.name(), tenant.place());
    String said = e.getStatus() == null ? "" : String.valueOf(e.getStatus().getMessage());
    if (e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
      return new CommandFailure(
          ExitCode.USAGE,
          "%s%s %s has fields that somebody else has set, %s: leave their columns out, or take them with --force-conflicts"
              .formatted(
                  where,
                  object.getKind(),
                  object.getMetadata().getName(),
                  said.replaceFirst("(?s)^Apply failed with \\d+ conflicts?: ", "")
                      .replace('\n', ' ')),
          e);
    }
    if (e.getCode() == UNPROCESSABLE) {
      return new CommandFailure(ExitCode.USAGE, where + "the cluster refused it: " + said, e);
    }
    return e;
  }

  private static void requireOneLoginPerSecret(List<ImportedTenant> tenants) {
    Map<String, ImportedTenant> first = new HashMap<>();
    for (ImportedTenant tenant : tenants) {
      ImportedTenant other = first.putIfAbsent(tenant.secretName(), tenant);
      if (other != null && !other.login().equals(tenant.login())) {
        throw CommandFailure.usage(
            "tenants %s and %s (%s) have different logins for one Secret, %s: put {name} into --secret-name"
                .formatted(other.name(), tenant.name(), tenant.place(), tenant.secretName()));
      }
    }
  }
}
