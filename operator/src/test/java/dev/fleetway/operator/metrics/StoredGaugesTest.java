package dev.fleetway.operator.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetway.api.pod.Assignment;
import dev.fleetway.api.v1alpha1.Tenant;
import dev.fleetway.api.v1alpha1.TenantMigrationRun;
import dev.fleetway.api.v1alpha1.TenantMigrationRunSpec.Mode;
import dev.fleetway.api.v1alpha1.TenantSpec;
import dev.fleetway.operator.model.TenantView;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class StoredGaugesTest {
  private final MeterRegistry registry = new SimpleMeterRegistry();
  private final ServerLoad servers = new ServerLoad();
  private final StoredGauges gauges = new StoredGauges(registry, servers);
  private final List<TenantMigrationRun> runs = new ArrayList<>();
  private final List<Tenant> tenants = new ArrayList<>();
  private boolean leads = true;

  @Test
  void aRunThatAbortedIsStalledForItsReason() {
    run(
        "v2",
        "2026-01-01T00:00:00Z",
        """
        phase: Aborted
        totals: {tenants: 3, pending: 2, running: 0, succeeded: 0, alreadyCurrent: 0, failed: 1, skipped: 0, done: 0}
        cohortCount: 2
        lastClosedCohort: 0
        startTime: "2026-01-01T00:00:00Z"
        completionTime: "2026-01-01T00:01:00Z"
        cohorts:
          - {number: 1, size: 1, succeeded: 0, alreadyCurrent: 0, failed: 1, skipped: 0, state: Aborted, attempt: 1,
             startTime: "2026-01-01T00:00:10Z", completionTime: "2026-01-01T00:00:40.5Z"}
        conditions:
          - {type: Ready, status: "False", reason: AbortRateExceeded, message: m}
          - {type: Stalled, status: "True", reason: AbortRateExceeded, message: m}
        """);

    assertThat(told(FleetMetric.RUN_PHASE))
        .containsExactly(Map.entry("Apply fleet Aborted v2", 1.0));
    assertThat(told(FleetMetric.RUN_STALLED))
        .containsExactly(Map.entry("fleet AbortRateExceeded v2", 1.0));
    assertThat(told(FleetMetric.RUN_BLOCKED)).isEmpty();
    assertThat(told(FleetMetric.RUN_TENANTS))
        .containsEntry("fleet v2 failed", 1.0)
        .containsEntry("fleet v2 pending", 2.0)
        .hasSize(6);
    assertThat(told(FleetMetric.RUN_COHORTS)).containsExactly(Map.entry("fleet v2", 2.0));
    assertThat(told(FleetMetric.RUN_LAST_COHORT_DURATION))
        .containsExactly(Map.entry("fleet v2", 30.5));
    assertThat(told(FleetMetric.RUN_COHORT_START)).isEmpty();
    assertThat(told(FleetMetric.RUN_START)).containsExactly(Map.entry("fleet v2", 1767225600.0));
  }

  @Test
  void aRunWhosePodDoesNotStartIsBlockedAndItsCohortHasAStart() {
    run(
        "v2",
        "2026-01-01T00:00:00Z",
        """
        phase: Running
        estimatedDuration: 1h30m
        cohorts:
          - {number: 1, size: 1, succeeded: 0, alreadyCurrent: 0, failed: 0, skipped: 0, state: Running, attempt: 1,
             startTime: "2026-01-01T00:00:10Z"}
        conditions:
          - {type: Ready, status: "False", reason: ImagePullFailed, message: m}
          - {type: Stalled, status: "False", reason: ImagePullFailed, message: m}
        """);

    assertThat(told(FleetMetric.RUN_STALLED)).isEmpty();
    assertThat(told(FleetMetric.RUN_BLOCKED))
        .containsExactly(Map.entry("fleet ImagePullFailed v2", 1.0));
    assertThat(told(FleetMetric.RUN_COHORT_START))
        .containsExactly(Map.entry("fleet v2", 1767225610.0));
    assertThat(told(FleetMetric.RUN_REMAINING)).containsExactly(Map.entry("fleet v2", 5400.0));
  }

  @Test
  void aRunThatNobodyHasLookedAtIsPending() {
    run("v2", "2026-01-01T00:00:00Z", "observedGeneration: -1");

    assertThat(told(FleetMetric.RUN_PHASE))
        .containsExactly(Map.entry("Apply fleet Pending v2", 1.0));
  }

  @Test
  void aDeletedRunDisappears() {
    run("v2", "2026-01-01T00:00:00Z", "phase: Running");
    assertThat(told(FleetMetric.RUN_PHASE)).hasSize(1);

    runs.clear();

    assertThat(told(FleetMetric.RUN_PHASE)).isEmpty();
    assertThat(told(FleetMetric.RUNS)).isEmpty();
  }

  @Test
  void onlyTheNewestFinishedRunsHaveLabelsOfTheirOwn() {
    for (int i = 0; i <= RunCensus.MOST_FINISHED; i++) {
      run(
          "v" + i,
          "2026-01-01T00:00:00Z",
          "phase: Succeeded\ncompletionTime: \"2026-01-01T00:%02d:00Z\"".formatted(59 - i));
    }
    run("old", "2025-01-01T00:00:00Z", "phase: Aborted");

    assertThat(told(FleetMetric.RUN_PHASE))
        .hasSize(RunCensus.MOST_FINISHED + 1)
        .containsKey("Apply fleet Aborted old")
        .containsKey("Apply fleet Succeeded v0")
        .doesNotContainKey("Apply fleet Succeeded v" + RunCensus.MOST_FINISHED);
    assertThat(told(FleetMetric.RUNS))
        .containsEntry("fleet Succeeded", RunCensus.MOST_FINISHED + 1.0);
  }

  @Test
  void tenantsAreCountedByOutcomeReasonAndAccess() {
    tenant("a", "", "access: ReadWrite\nlastRun: " + lastRun("Failed", "LockTimeout"));
    tenant("b", "", "access: ReadOnly\nlastRun: " + lastRun("Failed", "LockTimeout"));
    tenant("c", "", "access: ReadWrite");

    assertThat(told(FleetMetric.TENANTS))
        .isEqualTo(Map.of("fleet Failed LockTimeout", 2.0, "fleet None ", 1.0));
    assertThat(told(FleetMetric.TENANTS_ACCESS))
        .isEqualTo(Map.of("ReadWrite fleet", 2.0, "ReadOnly fleet", 1.0));
  }

  @Test
  void aTenantHasDriftedWhenItIsNotWhereTheNewestRunThatSelectsItWantsIt() {
    run("v2", "2026-01-01T00:00:00Z", "headVersion: \"2\"");
    run("v3", "2026-01-02T00:00:00Z", "headVersion: \"3\"", "{matchLabels: {tier: gold}}");
    plan("v9", "2026-01-03T00:00:00Z", "headVersion: \"9\"");
    tenant("at-head", "tier: gold", "schemaVersion: \"3\"");
    tenant("ahead", "tier: gold", "schemaVersion: \"3.1\"");
    tenant("other-tier-at-its-head", "tier: silver", "schemaVersion: \"2\"");
    tenant("behind", "tier: gold", "schemaVersion: \"2\"");
    tenant("unseen", "tier: gold", "access: ReadWrite");
    tenant(
        "failed", "tier: gold", "schemaVersion: \"3\"\nlastRun: " + lastRun("Failed", "SqlError"));
    tenant("suspended", "tier: gold", "schemaVersion: \"1\"", "Suspended");

    assertThat(told(FleetMetric.TENANTS_DRIFTED))
        .isEqualTo(Map.of("behind fleet", 1.0, "unseen fleet", 1.0, "failed fleet", 1.0));
  }

  @Test
  void aFleetThatNoRunHasSeenHasNotDrifted() {
    tenant("a", "", "access: ReadWrite");

    assertThat(told(FleetMetric.TENANTS_DRIFTED).values()).containsOnly(0.0).hasSize(3);
  }

  @Test
  void whoStandsByTellsNothingElse() {
    run("v2", "2026-01-01T00:00:00Z", "phase: Running");
    tenant("a", "", "access: ReadWrite");
    leads = false;

    assertThat(told(FleetMetric.LEADER)).containsExactly(Map.entry("", 0.0));
    assertThat(told(FleetMetric.RUN_PHASE)).isEmpty();
    assertThat(told(FleetMetric.TENANTS)).isEmpty();
    leads = true;
    assertThat(told(FleetMetric.LEADER)).containsExactly(Map.entry("", 1.0));
  }

  @Test
  void aServerHasAsManyTenantsInWorkAsAreOpenAndAllowed() {
    tenant("a1", "", "access: ReadWrite");
    tenant("a2", "", "lastRun: " + lastRun("Succeeded", null));
    tenant("b1", "", "access: ReadWrite");
    tenant("b2", "", "access: ReadWrite");
    tenant("b3", "", "access: ReadWrite");
    work("v2", "a1=pg-1", "a2=pg-1", "b1=pg-2", "b2=pg-2", "b3=pg-2");
    work("v3", "a1=pg-1");

    assertThat(told(FleetMetric.SERVER_CONCURRENCY))
        .isEqualTo(Map.of("fleet pg-1:5432", 2.0, "fleet pg-2:5432", 2.0));

    servers.set("fleet", "v2", Optional.empty(), Map.of());
    assertThat(told(FleetMetric.SERVER_CONCURRENCY)).isEqualTo(Map.of("fleet pg-1:5432", 1.0));
  }

  @Test
  void aServerForEachTenantDoesNotMakeALabelForEachTenant() {
    List<String> members = new ArrayList<>();
    for (int i = 0; i < ServerLoad.MOST_SERVERS + 10; i++) {
      tenant("t" + i, "", "access: ReadWrite");
      members.add("t%d=pg-%d".formatted(i, i));
    }
    work("v2", members.toArray(String[]::new));

    assertThat(told(FleetMetric.SERVER_CONCURRENCY))
        .hasSize(ServerLoad.MOST_SERVERS + 1)
        .containsEntry("fleet other", 10.0);
  }

  private void work(String run, String... members) {
    List<Assignment.Member> assigned =
        IntStream.range(0, members.length)
            .mapToObj(i -> members[i].split("=", -1))
            .map(
                pair ->
                    new Assignment.Member(
                        pair[0],
                        "uid-" + pair[0],
                        0,
                        Serialization.unmarshal(
                            "host: %s\nport: 5432\nname: d\ncredentialsSecretRef: {name: s}"
                                .formatted(pair[1]),
                            TenantSpec.Database.class)))
            .toList();
    Map<String, TenantView> views =
        tenants.stream()
            .map(TenantView::of)
            .collect(Collectors.toMap(TenantView::name, Function.identity()));
    servers.set(
        "fleet",
        run,
        Optional.of(
            new Assignment(
                "fleet",
                run,
                "run-uid",
                1,
                1,
                Mode.Apply,
                null,
                new Assignment.Limits(3, 2, 1, 1, 1, 1),
                assigned,
                List.of())),
        views);
  }

  private static String lastRun(String outcome, String reason) {
    return "{name: v1, uid: run-uid, attempt: 1, cohort: 1, outcome: %s%s}"
        .formatted(outcome, reason == null ? "" : ", reason: " + reason);
  }

  private void run(String name, String created, String status) {
    run(name, created, status, "{}");
  }

  private void run(String name, String created, String status, String selector) {
    run(name, created, status, selector, "Apply");
  }

  private void plan(String name, String created, String status) {
    run(name, created, status, "{}", "Plan");
  }

  private void run(String name, String created, String status, String selector, String mode) {
    runs.add(
        Serialization.unmarshal(
            """
            metadata: {name: %s, namespace: fleet, creationTimestamp: "%s"}
            spec: {mode: %s, tenants: {selector: %s}}
            status:
            %s
            """
                .formatted(name, created, mode, selector, status.strip().indent(2)),
            TenantMigrationRun.class));
  }

  private void tenant(String name, String labels, String status) {
    tenant(name, labels, status, "Active");
  }

  private void tenant(String name, String labels, String status, String state) {
    tenants.add(
        Serialization.unmarshal(
            """
            metadata: {name: %s, uid: uid-%s, namespace: fleet, labels: {%s}}
            spec: {state: %s, database: {host: h, name: d, credentialsSecretRef: {name: s}}}
            status:
            %s
            """
                .formatted(name, name, labels, state, status.strip().indent(2)),
            Tenant.class));
  }

  /** The values by those of the labels, in the order of the labels' names. */
  private Map<String, Double> told(FleetMetric metric) {
    gauges.refresh(
        new FleetSource() {
          @Override
          public boolean leads() {
            return leads;
          }

          @Override
          public Stream<TenantMigrationRun> runs() {
            return runs.stream();
          }

          @Override
          public Stream<Tenant> tenants() {
            return tenants.stream();
          }
        });
    Map<String, Double> told = new TreeMap<>();
    for (Gauge gauge : registry.find(metric.meter()).gauges()) {
      told.put(
          gauge.getId().getTags().stream().map(Tag::getValue).collect(Collectors.joining(" ")),
          gauge.value());
    }
    return told;
  }
}
