package dev.fleetway.operator;

import dev.fleetway.operator.metrics.OperatorMetrics;
import dev.fleetway.operator.observe.RunObserver;
import dev.fleetway.operator.tenant.FloorPublisher;
import dev.fleetway.operator.tenant.Gates;
import dev.fleetway.operator.tenant.TenantFeed;
import dev.fleetway.operator.tenant.TenantReconciler;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.ConfigurationServiceOverrider;
import io.javaoperatorsdk.operator.api.config.ControllerConfigurationOverrider;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfigurationBuilder;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.processing.retry.GenericRetry;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** A running operator. */
public final class FleetwayOperator implements AutoCloseable {
  private static final String LEASE = "fleetway-operator";
  private static final Duration MOST_BETWEEN_RETRIES = Duration.ofSeconds(60);
  private static final Duration PATIENCE_ON_STOP = Duration.ofSeconds(5);

  private final Operator operator;
  private final OperatorMetrics metrics;
  private final HttpEndpoints endpoints;

  private FleetwayOperator(Operator operator, OperatorMetrics metrics, HttpEndpoints endpoints) {
    this.operator = operator;
    this.metrics = metrics;
    this.endpoints = endpoints;
  }

  /**
   * Starts the controllers; returns when their caches are filled, or when waiting for the lease.
   */
  public static FleetwayOperator start(KubernetesClient client, OperatorSettings settings) {
    OperatorMetrics metrics = new OperatorMetrics();
    Operator operator =
        new Operator(
            overrider -> {
              configure(overrider, client, settings);
              overrider.withMetrics(metrics.ofControllers());
            });
    register(operator, client, settings, metrics, Clock.systemUTC());
    FleetwayOperator started =
        new FleetwayOperator(operator, metrics, HttpEndpoints.start(settings, operator, metrics));
    try {
      operator.start();
    } catch (RuntimeException e) {
      started.closeEndpoints();
      throw e;
    }
    return started;
  }

  /**
   * The last act of an operator that is told to end: if its own namespace is being deleted, it lets
   * go of the runs there, or they would be waited for for ever.
   */
  public static void farewell(KubernetesClient client, OperatorSettings settings) {
    new Farewell(client, settings).say();
  }

  private static void configure(
      ConfigurationServiceOverrider overrider, KubernetesClient client, OperatorSettings settings) {
    overrider
        .withKubernetesClient(client)
        .withCloseClientOnStop(false)
        .withReconciliationTerminationTimeout(PATIENCE_ON_STOP);
    if (settings.leaderElection()) {
      overrider.withLeaderElectionConfiguration(
          LeaderElectionConfigurationBuilder.aLeaderElectionConfiguration(LEASE)
              .withLeaseNamespace(settings.leaseNamespace())
              // Per process, not per pod: a restarted container must not take the old lease for its
              // own.
              .withIdentity(
                  System.getenv().getOrDefault("HOSTNAME", LEASE) + "-" + UUID.randomUUID())
              .build());
    }
  }

  private static void register(
      Operator operator,
      KubernetesClient client,
      OperatorSettings settings,
      OperatorMetrics metrics,
      Clock clock) {
    RunObserver observer = new RunObserver(client);
    Gates gates = new Gates(() -> observer.gatesInForce(settings.namespaces()));
    TenantFeed tenants = new TenantFeed(gates);
    Optional<FloorPublisher> floors =
        settings.publishesFloor()
            ? Optional.of(new FloorPublisher(client, tenants))
            : Optional.empty();
    register(operator, new TenantReconciler(client, gates, tenants, clock, floors), settings);
    register(
        operator,
        new RunReconciler(client, settings, observer, gates, tenants, metrics, clock),
        settings);
  }

  private static <P extends HasMetadata> void register(
      Operator operator, Reconciler<P> reconciler, OperatorSettings settings) {
    operator.register(
        reconciler,
        (ControllerConfigurationOverrider<P> overrider) -> {
          // The default gives up after five tries: an API server may be away for longer.
          GenericRetry retry = GenericRetry.defaultLimitedExponentialRetry().withoutMaxAttempts();
          retry.setMaxInterval(MOST_BETWEEN_RETRIES.toMillis());
          overrider.withRetry(retry);
          if (!settings.namespaces().isEmpty()) {
            overrider.settingNamespaces(Set.copyOf(settings.namespaces()));
          }
        });
  }

  @Override
  public void close() {
    closeEndpoints();
    operator.stop();
  }

  private void closeEndpoints() {
    endpoints.close();
    metrics.close();
  }
}
