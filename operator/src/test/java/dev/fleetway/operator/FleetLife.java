package dev.fleetway.operator;

import dev.fleetway.api.v1alpha1.TenantReason;
import dev.fleetway.operator.decide.Decision;
import dev.fleetway.operator.decide.Decision.RecordBundle;
import dev.fleetway.operator.decide.Decision.SettleCohort;
import dev.fleetway.operator.decide.Decision.StartCohort;
import dev.fleetway.operator.decide.Decision.StartInspection;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** A run over five tenants on two servers, turn by turn. */
final class FleetLife {
  private final StoredCluster stored;
  private final PlayedPods pods;
  private Instant now = Instant.parse("2026-11-21T10:00:00Z");

  FleetLife(String rollout, String gate) {
    stored = new StoredCluster(fleet(rollout, gate));
    pods = new PlayedPods(stored);
    stored.accessFollows();
    until(StartInspection.class::isInstance);
    pods.inspect(now);
    until(RecordBundle.class::isInstance);
  }

  private static List<HasMetadata> fleet(String rollout, String gate) {
    String tenants =
        List.of("acme", "globex", "initech", "umbrella", "wonka").stream()
            .map(name -> tenant(name, name.compareTo("initech") < 0 ? "pg-1" : "pg-2"))
            .collect(Collectors.joining("---\n"));
    return Manifests.read(
        tenants
            + """
            ---
            apiVersion: fleetway.dev/v1alpha1
            kind: TenantMigrationRun
            metadata:
              name: v105
              namespace: saas
              uid: 7d3f2a10-5b6c-4d8e-9f01-23456789abcd
              generation: 1
              creationTimestamp: "2026-11-21T09:59:58Z"
            spec:
              migrations: {configMapRefs: [{name: acme-migrations}]}
              rollout: {%s}
              gate: {mode: %s, settle: 10s}
            """
                .formatted(rollout, gate));
  }

  private static String tenant(String name, String server) {
    return """
    apiVersion: fleetway.dev/v1alpha1
    kind: Tenant
    metadata:
      name: %1$s
      namespace: saas
      uid: %2$08x-6a1b-4c2d-8e3f-0123456789ab
      generation: 1
      creationTimestamp: "2026-09-01T08:00:00Z"
      labels: {tier: gold}
    spec:
      state: Active
      database:
        host: %3$s.db.svc
        name: %1$s
        credentialsSecretRef: {name: %1$s-db}
    status:
      observedGeneration: 1
      schemaVersion: "104"
      access: ReadWrite
      conditions:
      - {type: Ready, status: "True", observedGeneration: 1, lastTransitionTime: "2026-11-02T08:00:00Z",
         reason: AtHead, message: The schema is at 104.}
    """
        .formatted(name, name.hashCode(), server);
  }

  /** Turn by turn, until the decision is this one. */
  Decision until(Predicate<Decision> wanted) {
    for (int turns = 0; turns < 50; turns++) {
      now = now.plusSeconds(1);
      OperatorTurn turn = stored.turn(now);
      stored.accessFollows();
      if (wanted.test(turn.decision())) {
        return turn.decision();
      }
      turn.nextLook()
          .filter(wait -> wait.compareTo(Duration.ofSeconds(1)) > 0)
          .ifPresent(this::sleep);
    }
    throw new AssertionError("it never comes to that");
  }

  void sleep(Duration time) {
    now = now.plus(time);
  }

  /** The next cohort starts, its pods fail at these tenants, and it is settled. */
  void cohort(Map<String, TenantReason> failures) {
    until(StartCohort.class::isInstance);
    sleep(Duration.ofSeconds(3));
    pods.finish(failures, now);
    until(SettleCohort.class::isInstance);
  }

  StoredCluster stored() {
    return stored;
  }

  PlayedPods pods() {
    return pods;
  }

  Instant now() {
    return now;
  }
}
