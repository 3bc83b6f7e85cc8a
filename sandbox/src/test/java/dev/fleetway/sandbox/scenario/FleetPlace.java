package dev.fleetway.sandbox.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A place where a fleet lives: one namespace of some API server that runs the operator, and one
 * PostgreSQL server that its pods reach. Everything a scenario does goes through here, and all of
 * it can be done with {@code kubectl} ({@code kubectl exec … psql} for the SQL).
 *
 * <p>{@code kind} is what kubectl takes: {@code tenants}, {@code tenantmigrationruns}, {@code
 * jobs}, {@code pods}, {@code configmaps}, {@code secrets}, {@code events}. All names are of {@link
 * #namespace()}. A refused request throws an {@link IllegalStateException} with the server's words.
 */
public interface FleetPlace {

  /** The namespace of the fleet; it exists. */
  String namespace();

  /** How many tenants, in which cohorts. */
  FleetShape shape();

  /** The database server, as a pod reaches it; its user may create databases. */
  Server server();

  /** {@code kubectl apply -f -}: one or more YAML documents. */
  void apply(String yaml);

  /** {@code kubectl patch KIND NAME --type merge -p JSON}. */
  void mergePatch(String kind, String name, String json);

  /** {@code kubectl delete KIND NAME --ignore-not-found}; returns when the object is gone. */
  void delete(String kind, String name);

  /**
   * {@code kubectl wait --for=condition=CONDITION}; false when the time is over. As with kubectl, a
   * condition that was computed from an older generation does not count.
   */
  boolean awaitCondition(String kind, String name, String condition, Duration timeout);

  /** {@code kubectl get KIND NAME -o json}; empty when it does not exist. */
  Optional<JsonNode> get(String kind, String name);

  /** {@code kubectl get KIND -l SELECTOR -o json}; an empty selector selects everything. */
  List<JsonNode> list(String kind, String selector);

  /** Runs SQL without a result, outside a transaction, as the user of {@link #server()}. */
  void execute(String database, String sql);

  /** The same SQL in many databases; a place may do it faster than one by one. */
  default void executeAll(List<String> databases, String sql) {
    databases.forEach(database -> execute(database, sql));
  }

  /** Rows of a query, every value as text, null as the empty string. */
  List<List<String>> query(String database, String sql);

  /**
   * The same query in many databases, in their order; a place may answer faster than one by one.
   */
  default List<List<List<String>>> queryAll(List<String> databases, String sql) {
    return databases.stream().map(database -> query(database, sql)).toList();
  }

  /**
   * A fleet and its division.
   *
   * @param tenants number of tenants
   * @param cohortSizes {@code spec.rollout.cohortSizes}; the last one repeats
   * @param badCohort the cohort, from 1, whose data violate a constraint
   * @param badTenants how many of its tenants do; enough to pass the abort rate of 10%
   */
  record FleetShape(int tenants, List<Integer> cohortSizes, int badCohort, int badTenants) {
    public FleetShape {
      cohortSizes = List.copyOf(cohortSizes);
    }
  }

  /**
   * A database server and a user that may create databases on it.
   *
   * @param host host as a pod reaches it
   * @param alias another name of the same host: to a run another server
   * @param port TCP port
   * @param user user name, put into the tenants' Secrets
   * @param password password, put into the tenants' Secrets
   */
  record Server(String host, String alias, int port, String user, String password) {
    @Override
    public String toString() {
      return host + ":" + port;
    }
  }
}
