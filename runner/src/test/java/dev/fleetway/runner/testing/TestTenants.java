package dev.fleetway.runner.testing;

import dev.fleetway.api.pod.Assignment;
import dev.fleetway.api.v1alpha1.Tenant;
import dev.fleetway.api.v1alpha1.TenantMigrationRunSpec.Mode;
import dev.fleetway.api.v1alpha1.TenantSpec;
import dev.fleetway.api.v1alpha1.TenantSpec.CredentialsSecretRef;
import dev.fleetway.api.v1alpha1.TenantSpec.SslMode;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Tenants as the tests need them: on one server, each with a Secret of its own. */
public final class TestTenants {
  private TestTenants() {}

  /** The address of a database whose credentials are in the Secret {@code <database>-db}. */
  public static TenantSpec.Database database(TestPostgres server, String database) {
    return database(server.host(), server.port(), database, "public", null);
  }

  public static TenantSpec.Database database(
      String host, int port, String database, String schema, String role) {
    return new TenantSpec.Database(
        host,
        port,
        database,
        schema,
        null,
        role,
        SslMode.PREFER,
        new CredentialsSecretRef(secret(database), null, null, null, null, null));
  }

  public static String secret(String database) {
    return database.replace('_', '-') + "-db";
  }

  /** Writes the files that the kubelet would mount. */
  public static void writeLogin(Path credentials, String secret, String user, String password) {
    try {
      Path directory = Files.createDirectories(credentials.resolve(secret));
      Files.writeString(directory.resolve("username"), user);
      Files.writeString(directory.resolve("password"), password);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A tenant as the API server would return it. */
  public static Tenant tenant(String name, TenantSpec.Database database) {
    Tenant tenant = new Tenant();
    tenant.setMetadata(
        new ObjectMetaBuilder()
            .withName(name)
            .withNamespace("shop")
            .withUid(uid(name))
            .withGeneration(1L)
            .build());
    tenant.setSpec(new TenantSpec(null, database));
    return tenant;
  }

  public static String uid(String name) {
    return "uid-" + name;
  }

  public static Assignment.Member member(Tenant tenant) {
    return new Assignment.Member(
        tenant.getMetadata().getName(),
        tenant.getMetadata().getUid(),
        0,
        tenant.getSpec().database());
  }

  /** The same assignment for a run that only looks. */
  public static Assignment inModePlan(Assignment apply) {
    return new Assignment(
        apply.namespace(),
        apply.run(),
        apply.runUid(),
        apply.attempt(),
        apply.cohort(),
        Mode.Plan,
        apply.migrations(),
        apply.limits(),
        apply.tenants(),
        apply.skipped());
  }

  /** An assignment of the first attempt of cohort 1, one tenant at a time. */
  public static Assignment assignment(String digest, String head, List<Assignment.Member> members) {
    return assignment(digest, head, 1, 20_000, 1_000, members.size() + 1, members);
  }

  public static Assignment assignment(
      String digest,
      String head,
      int concurrency,
      long tenantTimeoutMillis,
      long lockTimeoutMillis,
      int failureThreshold,
      List<Assignment.Member> members) {
    return new Assignment(
        "shop",
        "v112",
        "run-uid",
        1,
        1,
        Mode.Apply,
        Assignment.Migrations.upTo(digest, head),
        new Assignment.Limits(
            concurrency, concurrency, tenantTimeoutMillis, lockTimeoutMillis, 0, failureThreshold),
        members,
        List.of());
  }
}
