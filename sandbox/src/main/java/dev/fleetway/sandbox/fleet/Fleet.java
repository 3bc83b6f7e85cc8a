package dev.fleetway.sandbox.fleet;

import dev.fleetway.api.v1alpha1.Tenant;
import dev.fleetway.api.v1alpha1.TenantSpec;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Tenants of one namespace, each with a database of its own name and a Secret with the login.
 *
 * @param namespace the namespace
 * @param tenants names in order: {@code tenant-001}, {@code tenant-002}, …
 * @param host database host as a pod reaches it
 * @param port database port
 * @param user user of all databases
 * @param password its password
 */
public record Fleet(
    String namespace, List<String> tenants, String host, int port, String user, String password) {

  public Fleet {
    tenants = List.copyOf(tenants);
  }

  /** Names for so many tenants; their order by name is their order by number. */
  public static List<String> names(int count) {
    return IntStream.rangeClosed(1, count)
        .mapToObj(number -> String.format(Locale.ROOT, "tenant-%03d", number))
        .toList();
  }

  /** The database of a tenant. */
  public static String database(String tenant) {
    return tenant.replace('-', '_');
  }

  /**
   * The tenants of a cohort, counted from 1, when sizes repeat their last; empty beyond the end.
   */
  public static List<String> cohort(List<String> tenants, List<Integer> sizes, int number) {
    int from = 0;
    for (int i = 1; i < number; i++) {
      from += sizes.get(Math.min(i, sizes.size()) - 1);
    }
    int to = from + sizes.get(Math.min(number, sizes.size()) - 1);
    int end = tenants.size();
    return tenants.subList(Math.min(from, end), Math.min(to, end));
  }

  /** How many cohorts the tenants make. */
  public static int cohorts(int tenants, List<Integer> sizes) {
    int count = 0;
    for (int left = tenants; left > 0; count++) {
      left -= sizes.get(Math.min(count, sizes.size() - 1));
    }
    return count;
  }

  /** The Secret and the Tenant of each. */
  public List<HasMetadata> manifests() {
    List<HasMetadata> manifests = new ArrayList<>();
    for (String tenant : tenants) {
      String secret = tenant + "-db";
      manifests.add(
          new SecretBuilder()
              .withNewMetadata()
              .withNamespace(namespace)
              .withName(secret)
              .endMetadata()
              .addToStringData("username", user)
              .addToStringData("password", password)
              .build());
      manifests.add(tenant(tenant, secret));
    }
    return manifests;
  }

  private Tenant tenant(String name, String secret) {
    Tenant tenant = new Tenant();
    tenant.setMetadata(new ObjectMetaBuilder().withNamespace(namespace).withName(name).build());
    tenant.setSpec(
        new TenantSpec(
            null,
            new TenantSpec.Database(
                host,
                port,
                database(name),
                null,
                null,
                null,
                TenantSpec.SslMode.DISABLE,
                new TenantSpec.CredentialsSecretRef(secret, null, null, null, null, null))));
    return tenant;
  }
}
