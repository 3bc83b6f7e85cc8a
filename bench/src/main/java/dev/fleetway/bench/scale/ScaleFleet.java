package dev.fleetway.bench.scale;

import dev.fleetway.api.v1alpha1.Tenant;
import dev.fleetway.api.v1alpha1.TenantSpec;
import dev.fleetway.api.v1alpha1.TenantStatus.Access;
import dev.fleetway.api.v1alpha1.TenantStatus.LastRun;
import dev.fleetway.api.v1alpha1.TenantStatus.Outcome;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/** Tenants, 200 on a server, with a label and a host as long as people's are. */
record ScaleFleet(KubernetesClient client, String namespace, int tenants) {
  private static final int WRITERS = 8;
  private static final int TENANTS_PER_SERVER = 200;
  private static final long PAGE = 1000;

  /** Creates them. */
  void create() {
    ExecutorService writers = Executors.newFixedThreadPool(WRITERS);
    try {
      CompletableFuture.allOf(
              IntStream.rangeClosed(1, tenants)
                  .mapToObj(
                      number ->
                          CompletableFuture.runAsync(
                              () -> client.resource(tenant(number)).create(), writers))
                  .toArray(CompletableFuture<?>[]::new))
          .join();
    } finally {
      writers.shutdown();
    }
  }

  private Tenant tenant(int number) {
    String name = String.format(Locale.ROOT, "customer-%05d", number);
    Tenant tenant = new Tenant();
    tenant.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace(namespace)
            .withName(name)
            .withLabels(Map.of("tier", number % 10 == 0 ? "gold" : "standard"))
            .build());
    tenant.setSpec(
        new TenantSpec(
            null,
            new TenantSpec.Database(
                "postgres-%d.databases.svc".formatted(number / TENANTS_PER_SERVER),
                5432,
                name.replace('-', '_'),
                null,
                null,
                null,
                null,
                new TenantSpec.CredentialsSecretRef(name + "-db", null, null, null, null, null))));
    return tenant;
  }

  /** Has the operator looked at all of them? */
  boolean isKnown() {
    return all(ScaleFleet::isFree) == tenants;
  }

  /** Who may write, and has a first condition. */
  private static boolean isFree(Tenant tenant) {
    return tenant.getStatus() != null
        && tenant.getStatus().access() == Access.ReadWrite
        && tenant.getStatus().conditions() != null;
  }

  /** How many succeeded in this run, and may be written to again. */
  int succeeded(String runUid) {
    return all(tenant -> isFree(tenant) && succeeded(tenant, runUid));
  }

  private static boolean succeeded(Tenant tenant, String runUid) {
    return Optional.ofNullable(tenant.getStatus().lastRun())
        .filter(found -> found.belongsTo(runUid))
        .map(LastRun::outcome)
        .filter(Outcome.Succeeded::equals)
        .isPresent();
  }

  private int all(Predicate<Tenant> wanted) {
    int count = 0;
    String page = null;
    do {
      var list =
          client
              .resources(Tenant.class)
              .inNamespace(namespace)
              .list(new ListOptionsBuilder().withLimit(PAGE).withContinue(page).build());
      count += (int) list.getItems().stream().filter(wanted).count();
      page = list.getMetadata().getContinue();
    } while (page != null && !page.isEmpty());
    return count;
  }
}
