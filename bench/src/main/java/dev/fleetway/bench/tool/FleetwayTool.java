package dev.fleetway.bench.tool;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fleetway.api.pod.Assignment;
import dev.fleetway.api.pod.PodContract;
import dev.fleetway.api.v1alpha1.Tenant;
import dev.fleetway.api.v1alpha1.TenantMigrationRunSpec.Mode;
import dev.fleetway.api.v1alpha1.TenantSpec;
import dev.fleetway.runner.bundle.Bundle;
import dev.fleetway.runner.bundle.BundleReader;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.UUID;

/**
 * The runner as its pod starts it, with one Tenant per database; it writes every outcome to the API
 * server while it works.
 */
public final class FleetwayTool implements Tool {
  private static final String NAMESPACE = "bench";
  private static final String SECRET = "bench-db";
  private static final double NANOS = 1e9;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final String name;
  private final RunnerProgram program;
  private final Path directory;
  private final PodAccess access;
  private final KubernetesClient client;

  /**
   * The runner.
   *
   * @param name in the tables
   * @param program the runner
   * @param directory for its files
   * @param access to the API server
   * @param client of the same API server
   */
  public FleetwayTool(
      String name, RunnerProgram program, Path directory, PodAccess access, KubernetesClient client)
      throws IOException {
    this.name = name;
    this.program = program;
    this.directory = Files.createDirectories(directory);
    this.access = access;
    this.client = client;
  }

  /** The namespace of the Tenants. */
  public static String namespace(KubernetesClient client) {
    client
        .namespaces()
        .resource(
            new NamespaceBuilder().withNewMetadata().withName(NAMESPACE).endMetadata().build())
        .serverSideApply();
    return NAMESPACE;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Optional<String> missing() {
    return program.missing();
  }

  @Override
  public Timing migrate(Workload workload) throws IOException, InterruptedException {
    Path bundle = Path.of(workload.scripts());
    writeLogin(workload);
    Assignment assignment = assignment(workload, BundleReader.read(bundle));
    JSON.writeValue(directory.resolve("assignment.json").toFile(), assignment);
    Path output = directory.resolve("output");
    try (FirstOutcome first = FirstOutcome.of(client, assignment)) {
      long start = System.nanoTime();
      Process process =
          builder(bundle).redirectErrorStream(true).redirectOutput(output.toFile()).start();
      int code = process.waitFor();
      Instant end = Instant.now();
      double processSeconds = (System.nanoTime() - start) / NANOS;
      if (code != PodContract.EXIT_DONE) {
        throw new IOException("the runner ended with %d, see %s".formatted(code, output));
      }
      return new Timing(
          Duration.between(firstStart(output), end).toMillis() / 1000.0,
          processSeconds,
          OptionalDouble.of((first.nanoTime() - start) / NANOS));
    }
  }

  private ProcessBuilder builder(Path bundle) throws IOException {
    List<String> line = new ArrayList<>(program.command());
    line.add(PodContract.COMMAND_RUN);
    ProcessBuilder builder = new ProcessBuilder(line);
    builder
        .environment()
        .putAll(
            Map.of(
                PodContract.ENV_ASSIGNMENT,
                directory.resolve("assignment.json").toString(),
                PodContract.ENV_BUNDLE,
                bundle.toString(),
                PodContract.ENV_CREDENTIALS,
                directory.resolve("credentials").toString(),
                PodContract.ENV_TERMINATION_MESSAGE,
                directory.resolve("termination").toString(),
                PodContract.ENV_GRACE_SECONDS,
                "30"));
    builder.environment().putAll(access.environment());
    return builder;
  }

  /** When the first tenant was begun; the work ends with the process, after the last write. */
  private static Instant firstStart(Path output) throws IOException {
    for (String line : Files.readAllLines(output)) {
      // Java's own warnings stand between the lines of the log.
      if (!line.startsWith("{")) {
        continue;
      }
      JsonNode entry = JSON.readTree(line);
      if (entry.path("message").asText().equals("start")) {
        return Instant.parse(entry.get("time").asText());
      }
    }
    throw new IOException("no tenant was begun, see " + output);
  }

  private void writeLogin(Workload workload) throws IOException {
    Path secret = Files.createDirectories(directory.resolve("credentials").resolve(SECRET));
    Files.writeString(secret.resolve("username"), workload.user());
    Files.writeString(secret.resolve("password"), workload.password());
  }

  /** A run of its own each time: what an earlier one left on the Tenants does not count. */
  private Assignment assignment(Workload workload, Bundle bundle) {
    List<Assignment.Member> members =
        workload.databases().stream()
            .map(database -> tenant(database, workload))
            .map(
                tenant ->
                    new Assignment.Member(
                        tenant.getMetadata().getName(),
                        tenant.getMetadata().getUid(),
                        0,
                        tenant.getSpec().database()))
            .toList();
    int concurrency = workload.concurrency();
    return new Assignment(
        NAMESPACE,
        "bench",
        UUID.randomUUID().toString(),
        1,
        1,
        Mode.Apply,
        Assignment.Migrations.upTo(bundle.digest(), bundle.newest().getVersion()),
        new Assignment.Limits(concurrency, concurrency, 120_000, 5_000, 2, 1),
        members,
        List.of());
  }

  private Tenant tenant(String database, Workload workload) {
    Tenant tenant = new Tenant();
    tenant.setMetadata(
        new ObjectMetaBuilder()
            .withName(database.replace('_', '-'))
            .withNamespace(NAMESPACE)
            .build());
    tenant.setSpec(
        new TenantSpec(
            null,
            new TenantSpec.Database(
                workload.host(),
                workload.port(),
                database,
                null,
                null,
                null,
                TenantSpec.SslMode.DISABLE,
                new TenantSpec.CredentialsSecretRef(SECRET, null, null, null, null, null))));
    return client.resource(tenant).serverSideApply();
  }
}
