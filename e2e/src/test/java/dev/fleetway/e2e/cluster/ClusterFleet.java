package dev.fleetway.e2e.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fleetway.e2e.tool.Command;
import dev.fleetway.e2e.tool.SourceTree;
import dev.fleetway.sandbox.scenario.FleetPlace;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.LifecycleMethodExecutionExceptionHandler;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;

/**
 * What a scenario starts from: a namespace of its own under the restricted Pod Security profile, a
 * PostgreSQL pod in it, and a release of the chart that watches it. A failed scenario prints what
 * the cluster knows; with {@code FLEETWAY_E2E_KEEP=1} its namespace stays for a closer look.
 */
public final class ClusterFleet
    implements BeforeAllCallback,
        AfterAllCallback,
        LifecycleMethodExecutionExceptionHandler,
        TestExecutionExceptionHandler {
  private static final String KEEP_VARIABLE = "FLEETWAY_E2E_KEEP";
  public static final String RELEASE = "fleetway";
  private static final String PASSWORD = UUID.randomUUID().toString();

  private final FleetPlace.FleetShape shape;
  private final int connections;
  private Kubectl kubectl;
  private KubectlPlace place;
  private boolean failed;

  public ClusterFleet(FleetPlace.FleetShape shape) {
    this(shape, PostgresPod.CONNECTIONS);
  }

  /** With a database server that takes so many connections. */
  public ClusterFleet(FleetPlace.FleetShape shape, int connections) {
    this.shape = shape;
    this.connections = connections;
  }

  public Kubectl kubectl() {
    return kubectl;
  }

  public KubectlPlace place() {
    return place;
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    kubectl = Kubectl.ofTheTestCluster();
    String namespace = namespaceFor(context.getRequiredTestClass());
    place =
        new KubectlPlace(
            kubectl,
            namespace,
            shape,
            new FleetPlace.Server(
                PostgresPod.NAME + "." + namespace + ".svc",
                PostgresPod.NAME + "." + namespace + ".svc.cluster.local",
                PostgresPod.PORT,
                PostgresPod.USER,
                PASSWORD));
    try {
      start(namespace);
    } catch (RuntimeException e) {
      diagnose();
      throw e;
    }
  }

  private void start(String namespace) {
    kubectl.runWithInput(
        """
        apiVersion: v1
        kind: Namespace
        metadata:
          name: %s
          labels: {pod-security.kubernetes.io/enforce: restricted, fleetway.dev/e2e: "true"}
        """
            .formatted(namespace),
        "create",
        "-f",
        "-");
    place.apply(PostgresPod.manifest(PostgresPod.image(), PASSWORD, connections));
    // The CRDs of an earlier release stay (crds.keep), and carry its name: this one takes them
    // over.
    kubectl.helm(
        Duration.ofMinutes(5),
        List.of(
            "upgrade",
            "--install",
            RELEASE,
            SourceTree.file("helm/fleetway").toString(),
            "--namespace",
            namespace,
            "--take-ownership",
            "--set",
            "test.postgresImage=" + PostgresPod.image(),
            "--wait",
            "--timeout",
            "3m"));
    kubectl.run(
        "-n",
        namespace,
        "wait",
        "--for=condition=Ready",
        "--timeout=90s",
        "pod/" + PostgresPod.NAME);
  }

  @Override
  public void handleBeforeAllMethodExecutionException(ExtensionContext context, Throwable throwable)
      throws Throwable {
    diagnose();
    throw throwable;
  }

  @Override
  public void handleTestExecutionException(ExtensionContext context, Throwable throwable)
      throws Throwable {
    // Now, and not when the class has ended: of many tests each is over long before.
    System.out.println("---- " + context.getDisplayName() + " failed: " + throwable);
    diagnose();
    throw throwable;
  }

  // Once: the second failure of a scenario would say the same at length.
  private void diagnose() {
    if (!failed) {
      failed = true;
      new Diagnosis(kubectl, place.namespace()).print(System.out);
    }
  }

  @Override
  public void afterAll(ExtensionContext context) {
    if (place == null) {
      return;
    }
    String namespace = place.namespace();
    if (failed && "1".equals(System.getenv(KEEP_VARIABLE))) {
      System.out.println("kept for a look: kubectl -n " + namespace + " get all,tmr,tn");
      return;
    }
    // Runs first, while an operator is there to let go of them; a failed scenario may have none.
    Command.Result runs =
        kubectl.tryRun(
            Duration.ofMinutes(2), "-n", namespace, "delete", "tmr", "--all", "--timeout=60s");
    kubectl.tryHelm(
        Duration.ofMinutes(2),
        "uninstall",
        RELEASE,
        "--namespace",
        namespace,
        // a failed scenario may have a run that never ends
        "--no-hooks",
        "--ignore-not-found");
    letGoOfRuns(kubectl, namespace);
    kubectl.run("delete", "namespace", namespace, "--ignore-not-found", "--wait=false");
    if (!failed && !runs.succeeded()) {
      throw new IllegalStateException("runs could not be deleted: " + runs.errors().strip());
    }
  }

  /** Without an operator nobody else does. */
  public static void letGoOfRuns(Kubectl kubectl, String namespace) {
    Command.Result left =
        kubectl.tryRun(Duration.ofSeconds(30), "-n", namespace, "get", "tmr", "-o", "json");
    if (!left.succeeded()) {
      return;
    }
    JsonNode items = Kubectl.parse(left.output()).path("items");
    StreamSupport.stream(items.spliterator(), false)
        .map(run -> run.at("/metadata/name").asText())
        .forEach(
            run ->
                kubectl.tryRun(
                    Duration.ofSeconds(30),
                    "-n",
                    namespace,
                    "patch",
                    "tmr",
                    run,
                    "--type=merge",
                    "-p",
                    "{\"metadata\":{\"finalizers\":null}}"));
  }

  private static String namespaceFor(Class<?> scenario) {
    String name =
        scenario
            .getSimpleName()
            .replaceFirst("E2E$", "")
            .replaceAll("(?<=[a-z])(?=[A-Z])", "-")
            .toLowerCase(Locale.ROOT);
    return "fleetway-e2e-" + name + "-" + UUID.randomUUID().toString().substring(0, 6);
  }
}
