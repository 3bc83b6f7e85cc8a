package dev.fleetway.operator;

import dev.fleetway.api.LeanObjects;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The operator as a process of its own. With arguments, what the chart's hooks ask once: {@code
 * check-uninstall}, or {@code await-run <namespace> <name>}.
 */
public final class Main {
  /** Of the chart's test: images may have to be pulled first. */
  private static final Duration PATIENCE = Duration.ofMinutes(4);

  private static final Logger LOG = LoggerFactory.getLogger(Main.class);

  private static final Duration MOST_FOR_FAREWELL = Duration.ofSeconds(5);

  private Main() {}

  public static void main(String[] args) throws InterruptedException {
    if (args.length > 0) {
      System.exit(answer(args));
    }
    OperatorSettings settings = OperatorSettings.from(System.getenv());
    LOG.info(
        "watching {}, runner image {}",
        settings.namespaces().isEmpty() ? "all namespaces" : settings.namespaces(),
        settings.runner().image());
    KubernetesClient client =
        new KubernetesClientBuilder().withKubernetesSerialization(LeanObjects.ofAnyKind()).build();
    // Nothing is stopped here: a stop that waits for a reconcile can hang, and the operator can be
    // killed between any two writes.
    Runtime.getRuntime().addShutdownHook(new Thread(() -> farewell(client, settings)));
    try {
      FleetwayOperator.start(client, settings);
    } catch (RuntimeException e) {
      // Threads of the client keep the process alive: without this it would idle and look healthy.
      LOG.error("the operator cannot start; it ends here to be started again", e);
      System.exit(1);
    }
    new CountDownLatch(1).await();
  }

  /** Not for long: also an operator that ends because no API server answers comes by here. */
  private static void farewell(KubernetesClient client, OperatorSettings settings) {
    Thread farewell = new Thread(() -> FleetwayOperator.farewell(client, settings));
    farewell.setDaemon(true);
    farewell.start();
    try {
      farewell.join(MOST_FOR_FAREWELL.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The exit code; what is wrong goes to the output, which helm shows. */
  private static int answer(String[] args) {
    try (KubernetesClient client = new KubernetesClientBuilder().build()) {
      Optional<String> complaint =
          switch (args[0]) {
            case "check-uninstall" ->
                UninstallCheck.refusal(client, OperatorSettings.namespaces(System.getenv()));
            case "await-run" -> RunWait.complaint(client, args[1], args[2], PATIENCE);
            default -> Optional.of("no command " + args[0]);
          };
      complaint.ifPresent(System.out::println);
      return complaint.isPresent() ? 1 : 0;
    }
  }
}
