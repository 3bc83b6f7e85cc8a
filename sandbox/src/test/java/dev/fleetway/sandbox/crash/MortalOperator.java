package dev.fleetway.sandbox.crash;

import dev.fleetway.operator.FleetwayOperator;
import dev.fleetway.operator.OperatorSettings;
import dev.fleetway.sandbox.api.ApiEndpoint;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * An operator that dies once, if told to, and is followed by another one, as a Deployment would.
 */
final class MortalOperator implements AutoCloseable {
  private static final String IMAGE = "fleetway-runner";

  private final ApiEndpoint api;
  private final String namespace;
  private final List<Life> lives = new ArrayList<>();
  private final CompletableFuture<Void> successor;
  private boolean stopped;

  private MortalOperator(ApiEndpoint api, String namespace, Optional<Crash> crash) {
    this.api = api;
    this.namespace = namespace;
    Life first = start(crash);
    this.successor = first.requests().death().thenRunAsync(() -> replace(first));
  }

  static MortalOperator start(ApiEndpoint api, String namespace, Optional<Crash> crash) {
    return new MortalOperator(api, namespace, crash);
  }

  private synchronized Life start(Optional<Crash> crash) {
    OperatorRequests requests = new OperatorRequests(crash);
    KubernetesClient client =
        new KubernetesClientBuilder()
            .withConfig(Config.fromKubeconfig(api.kubeconfig()))
            .withHttpClientBuilderConsumer(
                http -> http.addOrReplaceInterceptor("requests", requests))
            .build();
    Life life =
        new Life(
            requests,
            client,
            FleetwayOperator.start(client, OperatorSettings.of(IMAGE, namespace)));
    lives.add(life);
    return life;
  }

  private void replace(Life dead) {
    dead.close();
    synchronized (this) {
      // a case that failed meanwhile is over
      if (!stopped) {
        Life unused = start(Optional.empty());
      }
    }
  }

  /** Completes when the one that follows the dead one is at work; never without a crash. */
  CompletableFuture<Void> successor() {
    return successor;
  }

  /** The writes of all lives, in order. */
  synchronized List<Write> writes() {
    return lives.stream().flatMap(life -> life.requests().writes().stream()).toList();
  }

  /** The objects that all lives created. */
  synchronized List<String> created() {
    return lives.stream().flatMap(life -> life.requests().created().stream()).toList();
  }

  /** Stops in good order: what is under way is finished. */
  synchronized void stop() {
    if (!stopped) {
      stopped = true;
      lives.get(lives.size() - 1).close();
    }
  }

  @Override
  public void close() {
    stop();
  }

  private record Life(
      OperatorRequests requests, KubernetesClient client, FleetwayOperator operator) {
    void close() {
      operator.close();
      client.close();
    }
  }
}
