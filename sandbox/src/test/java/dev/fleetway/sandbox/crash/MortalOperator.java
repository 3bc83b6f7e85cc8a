package dev.fleetway.sandbox.crash;

import dev.fleetway.operator.FleetwayOperator;
import dev.fleetway.operator.OperatorSettings;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/** An operator that dies when its fate says so, and is followed by another one each time. */
final class MortalOperator implements AutoCloseable {
  private static final String IMAGE = "fleetway-runner";

  /** To learn the types anew for each life would cost more than all the rest. */
  private static final KubernetesSerialization SERIALIZATION = new KubernetesSerialization();

  private final Upstream upstream;
  private final String namespace;
  private final boolean repeats;
  private final Supplier<Fate> fates;
  private final List<Life> lives = new ArrayList<>();
  private boolean stopped;

  /**
   * Starts the first.
   *
   * @param repeats whether its client tries again by itself, as the one of a release does; without
   *     it every failed request reaches the operator
   * @param fates one per life
   */
  MortalOperator(Upstream upstream, String namespace, boolean repeats, Supplier<Fate> fates) {
    this.upstream = upstream;
    this.namespace = namespace;
    this.repeats = repeats;
    this.fates = fates;
    live();
  }

  private void live() {
    Life life = conceive();
    if (life != null) {
      CompletableFuture<Void> unused =
          life.wire.death().thenRunAsync(() -> succeed(life), MortalOperator::inThreadOfItsOwn);
      life.begin(namespace);
    }
  }

  private synchronized Life conceive() {
    // a case that failed meanwhile is over
    if (stopped) {
      return null;
    }
    ApiWire wire = ApiWire.open(upstream, fates.get());
    ConfigBuilder config = new ConfigBuilder(Config.empty()).withMasterUrl(wire.url());
    if (!repeats) {
      config.withRequestRetryBackoffLimit(0);
    }
    Life life =
        new Life(
            wire,
            new KubernetesClientBuilder()
                .withConfig(config.build())
                .withKubernetesSerialization(SERIALIZATION)
                .build());
    lives.add(life);
    return life;
  }

  private void succeed(Life dead) {
    live();
    // its wire is cut: what its threads still try reaches nobody
    dead.close();
  }

  private static void inThreadOfItsOwn(Runnable work) {
    new Thread(work, "life after death").start();
  }

  /** Is one at work, and not dying? */
  synchronized boolean isAlive() {
    Life last = lives.get(lives.size() - 1);
    return last.begun.isDone() && !last.wire.death().isDone();
  }

  /** The writes of all lives, in order. */
  synchronized List<Write> writes() {
    return lives.stream().flatMap(life -> life.wire.writes().stream()).toList();
  }

  /** The objects that all lives created. */
  synchronized List<String> created() {
    return lives.stream().flatMap(life -> life.wire.created().stream()).toList();
  }

  /** Stops in good order: what is under way is finished. */
  void stop() {
    Life last;
    synchronized (this) {
      stopped = true;
      last = lives.get(lives.size() - 1);
    }
    last.close();
  }

  @Override
  public void close() {
    stop();
  }

  /** One process. It may die while it starts. */
  private static final class Life {
    private final ApiWire wire;
    private final KubernetesClient client;
    private final CompletableFuture<FleetwayOperator> begun = new CompletableFuture<>();
    private final AtomicBoolean closed = new AtomicBoolean();

    Life(ApiWire wire, KubernetesClient client) {
      this.wire = wire;
      this.client = client;
    }

    void begin(String namespace) {
      try {
        begun.complete(FleetwayOperator.start(client, OperatorSettings.of(IMAGE, namespace)));
      } catch (RuntimeException e) {
        begun.completeExceptionally(e);
        if (!wire.death().isDone()) {
          throw e;
        }
      }
    }

    void close() {
      if (closed.compareAndSet(false, true)) {
        if (wire.death().isDone()) {
          // ends what still waits for an answer
          client.close();
        }
        begun.handle((operator, failure) -> operator).thenAccept(Life::stop).join();
        client.close();
        wire.close();
      }
    }

    private static void stop(FleetwayOperator operator) {
      if (operator != null) {
        operator.close();
      }
    }
  }
}
