package dev.fleetway.e2e.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fleetway.e2e.tool.Command;
import dev.fleetway.sandbox.scenario.FleetPlace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A namespace of the test cluster, worked on by {@code kubectl} alone. */
public final class KubectlPlace implements FleetPlace {
  private final Kubectl kubectl;
  private final Psql psql;
  private final String namespace;
  private final FleetShape shape;
  private final Server server;

  KubectlPlace(Kubectl kubectl, String namespace, FleetShape shape, Server server) {
    this.kubectl = kubectl;
    this.psql = new Psql(kubectl, namespace);
    this.namespace = namespace;
    this.shape = shape;
    this.server = server;
  }

  @Override
  public String namespace() {
    return namespace;
  }

  @Override
  public FleetShape shape() {
    return shape;
  }

  @Override
  public Server server() {
    return server;
  }

  @Override
  public void apply(String yaml) {
    kubectl.runWithInput(yaml, "-n", namespace, "apply", "-f", "-");
  }

  @Override
  public void mergePatch(String kind, String name, String json) {
    kubectl.run("-n", namespace, "patch", kind, name, "--type", "merge", "-p", json);
  }

  @Override
  public void delete(String kind, String name) {
    kubectl.run("-n", namespace, "delete", kind, name, "--ignore-not-found", "--timeout=90s");
  }

  @Override
  public boolean awaitCondition(String kind, String name, String condition, Duration timeout) {
    Command.Result result =
        kubectl.tryRun(
            timeout.plusSeconds(30),
            "-n",
            namespace,
            "wait",
            "--for=condition=" + condition,
            "--timeout=" + timeout.toSeconds() + "s",
            kind + "/" + name);
    if (result.succeeded()) {
      return true;
    }
    if (result.errors().contains("timed out waiting for the condition")) {
      return false;
    }
    throw new IllegalStateException("kubectl wait: " + result.errors().strip());
  }

  @Override
  public Optional<JsonNode> get(String kind, String name) {
    String json =
        kubectl.run("-n", namespace, "get", kind, name, "--ignore-not-found", "-o", "json");
    return json.isBlank() ? Optional.empty() : Optional.of(Kubectl.parse(json));
  }

  @Override
  public List<JsonNode> list(String kind, String selector) {
    List<JsonNode> items = new ArrayList<>();
    kubectl
        .json("-n", namespace, "get", kind, "-l", selector, "-o", "json")
        .path("items")
        .forEach(items::add);
    return items;
  }

  @Override
  public void execute(String database, String sql) {
    psql.execute(List.of(database), sql);
  }

  @Override
  public void executeAll(List<String> databases, String sql) {
    psql.execute(databases, sql);
  }

  @Override
  public List<List<String>> query(String database, String sql) {
    return psql.query(List.of(database), sql).get(0);
  }

  @Override
  public List<List<List<String>>> queryAll(List<String> databases, String sql) {
    return psql.query(databases, sql);
  }
}
