package dev.fleetway.cli.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fleetway.api.v1alpha1.Tenant;
import dev.fleetway.api.v1alpha1.TenantMigrationRun;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.CohortState;
import dev.fleetway.cli.connect.Cluster;
import dev.fleetway.cli.exit.CommandFailure;
import dev.fleetway.cli.exit.ExitCode;
import dev.fleetway.operator.model.CohortResult;
import dev.fleetway.operator.model.FailedTenant;
import dev.fleetway.operator.model.PlannedTenant;
import dev.fleetway.operator.model.RunNames;
import dev.fleetway.operator.model.TenantView;
import io.fabric8.kubernetes.api.model.ConfigMap;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What is stored of a run's outcomes: the reports of its ended cohorts, and the tenants that failed
 * in cohorts that are at work.
 *
 * @param reports one per cohort and attempt that came to an end, by attempt and cohort
 * @param failing failed tenants of the running cohorts, as the tenants themselves say
 */
record RunResults(List<CohortResult> reports, List<FailedTenant> failing) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String FAILED = "status.lastRun.outcome";

  /** Reads them; a run that has not started a cohort has none. */
  static RunResults of(Cluster cluster, TenantMigrationRun run) {
    return new RunResults(reports(cluster, run), failing(cluster, run));
  }

  /** The reports alone. */
  static List<CohortResult> reports(Cluster cluster, TenantMigrationRun run) {
    return configMaps(cluster, run).stream()
        .map(map -> map.getData().get(RunNames.RESULT_KEY))
        .filter(Objects::nonNull)
        .map(text -> parse(text, CohortResult.class))
        .sorted(Comparator.comparing(CohortResult::attempt).thenComparing(CohortResult::cohort))
        .toList();
  }

  /** The ConfigMaps that the run owns; those of a deleted namesake are not its own. */
  static List<ConfigMap> configMaps(Cluster cluster, TenantMigrationRun run) {
    return cluster
        .ask(
            () ->
                Cluster.all(
                    cluster
                        .client()
                        .configMaps()
                        .inNamespace(cluster.namespace())
                        .withLabel(RunNames.RUN_LABEL, run.getMetadata().getName())))
        .stream()
        .filter(map -> map.getData() != null)
        .filter(
            map ->
                map.getMetadata().getOwnerReferences().stream()
                    .anyMatch(owner -> owner.getUid().equals(run.getMetadata().getUid())))
        .toList();
  }

  static <T> T parse(String text, Class<T> type) {
    try {
      return JSON.readValue(text, type);
    } catch (JsonProcessingException e) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "a ConfigMap of the run was written by a release that this one cannot read: use a newer"
              + " fleetway",
          e);
    }
  }

  private static List<FailedTenant> failing(Cluster cluster, TenantMigrationRun run) {
    Set<Integer> running = running(run);
    if (running.isEmpty()) {
      return List.of();
    }
    List<Tenant> failed =
        cluster.ask(
            () ->
                Cluster.all(
                    cluster
                        .client()
                        .resources(Tenant.class)
                        .inNamespace(cluster.namespace())
                        .withField(FAILED, "Failed")));
    String uid = run.getMetadata().getUid();
    List<FailedTenant> found = new ArrayList<>();
    for (TenantView view : failed.stream().map(TenantView::of).toList()) {
      view.lastRun()
          .filter(last -> last.belongsTo(uid) && running.contains(last.cohort()))
          .ifPresent(
              last ->
                  found.addAll(
                      FailedTenant.of(
                          uid,
                          last.cohort(),
                          List.of(new PlannedTenant(view.name(), view.uid())),
                          Map.of(view.name(), view))));
    }
    return found;
  }

  private static Set<Integer> running(TenantMigrationRun run) {
    TenantMigrationRunStatus status = run.getStatus();
    return status == null
        ? Set.of()
        : status.cohorts().stream()
            .filter(cohort -> cohort.state() == CohortState.Running)
            .map(TenantMigrationRunStatus.Cohort::number)
            .collect(Collectors.toSet());
  }

  /** The failed tenants as things stand: of each cohort its last report, or what is at work. */
  List<FailedTenant> failed(TenantMigrationRun run) {
    Set<Integer> running = running(run);
    Map<Integer, CohortResult> last = new TreeMap<>();
    reports.forEach(report -> last.put(report.cohort(), report));
    List<FailedTenant> all = new ArrayList<>();
    last.forEach(
        (cohort, report) -> {
          if (!running.contains(cohort)) {
            all.addAll(report.failed());
          }
        });
    all.addAll(failing);
    return all;
  }
}
