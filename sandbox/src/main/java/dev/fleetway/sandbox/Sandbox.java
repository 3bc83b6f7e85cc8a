package dev.fleetway.sandbox;

import dev.fleetway.operator.FleetwayOperator;
import dev.fleetway.operator.OperatorSettings;
import dev.fleetway.sandbox.api.ApiEndpoint;
import dev.fleetway.sandbox.jobs.LocalJobs;
import dev.fleetway.sandbox.jobs.LocalJobsSettings;
import dev.fleetway.sandbox.postgres.TenantServer;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.apache.commons.io.FileUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All parts, started in order and stopped in the opposite order. */
public final class Sandbox implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Sandbox.class);

  private static final int DELETE_ATTEMPTS = 20;
  private static final Duration DELETE_PAUSE = Duration.ofMillis(250);

  private final SandboxSettings settings;
  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private TenantServer postgres;
  private ApiEndpoint api;
  private KubernetesClient client;

  private Sandbox(SandboxSettings settings) {
    this.settings = settings;
  }

  /** Starts all parts. */
  public static Sandbox start(SandboxSettings settings) {
    Sandbox sandbox = new Sandbox(settings);
    try {
      sandbox.startParts();
      return sandbox;
    } catch (RuntimeException | IOException e) {
      sandbox.close();
      throw new IllegalStateException("the sandbox does not start: " + e.getMessage(), e);
    }
  }

  private void startParts() throws IOException {
    if (!Files.exists(settings.runnerJar())) {
      throw new IllegalStateException("no runner at " + settings.runnerJar() + ": build it first");
    }
    FileUtils.deleteDirectory(settings.directory().toFile());
    FileUtils.deleteDirectory(settings.logs().toFile());
    Files.createDirectories(settings.directory());
    // both spend their time waiting for something else
    CompletableFuture<TenantServer> database =
        CompletableFuture.supplyAsync(
            () -> TenantServer.start(settings.directory().resolve("postgres")));
    try {
      api = settings.api().get();
      parts.push(api);
    } finally {
      postgres = database.join();
      parts.push(postgres);
    }
    client = started(api.newClient());
    Files.writeString(kubeconfig(), api.kubeconfig());
    createServiceAccount();
    started(
        LocalJobs.start(
            client,
            new LocalJobsSettings(
                SandboxSettings.RUNNER_IMAGE,
                settings.runnerCommand(),
                api.kubeconfig(),
                settings.directory().resolve("pods"),
                settings.logs(),
                SandboxSettings.POD_BACKOFF)));
    started(
        FleetwayOperator.start(
            client, OperatorSettings.of(SandboxSettings.RUNNER_IMAGE, namespace())));
  }

  private <T extends AutoCloseable> T started(T part) {
    parts.push(part);
    return part;
  }

  private void createServiceAccount() {
    client
        .resource(
            new ServiceAccountBuilder()
                .withNewMetadata()
                .withNamespace(namespace())
                .withName("fleetway-runner")
                .endMetadata()
                .build())
        .serverSideApply();
  }

  /** The namespace that the operator watches. */
  public String namespace() {
    return settings.namespace();
  }

  /** The server with the tenants' databases. */
  public TenantServer postgres() {
    return postgres;
  }

  /** The API server. */
  public ApiEndpoint api() {
    return api;
  }

  /** A client of the API server. */
  public KubernetesClient client() {
    return client;
  }

  /** What the pods wrote, one file each; it outlives the sandbox. */
  public Path logs() {
    return settings.logs();
  }

  /** A file to set {@code KUBECONFIG} to. */
  public Path kubeconfig() {
    return settings.directory().resolve("kubeconfig");
  }

  @Override
  public void close() {
    while (!parts.isEmpty()) {
      AutoCloseable part = parts.pop();
      try {
        part.close();
      } catch (Exception e) {
        // the other parts shall stop all the same
        LOG.warn("{} did not stop", part.getClass().getSimpleName(), e);
      }
    }
    deleteDirectory();
  }

  /** After a Ctrl-C PostgreSQL, which heard it too, may still be writing. */
  private void deleteDirectory() {
    for (int attempt = 1; Files.exists(settings.directory()); attempt++) {
      try {
        FileUtils.deleteDirectory(settings.directory().toFile());
      } catch (IOException e) {
        if (attempt == DELETE_ATTEMPTS) {
          LOG.warn("{} is left behind: {}", settings.directory(), e.getMessage());
          return;
        }
        LockSupport.parkNanos(DELETE_PAUSE.toNanos());
      }
    }
  }
}
