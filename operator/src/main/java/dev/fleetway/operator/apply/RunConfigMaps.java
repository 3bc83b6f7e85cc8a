package dev.fleetway.operator.apply;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fleetway.api.pod.Assignment;
import dev.fleetway.api.v1alpha1.TenantReason;
import dev.fleetway.api.v1alpha1.TenantStatus.LastPlan;
import dev.fleetway.api.v1alpha1.TenantStatus.LastRun;
import dev.fleetway.api.v1alpha1.TenantStatus.Outcome;
import dev.fleetway.api.v1alpha1.TenantStatus.Problem;
import dev.fleetway.operator.decide.CohortVerdict;
import dev.fleetway.operator.model.CohortTally;
import dev.fleetway.operator.model.PlanDocument;
import dev.fleetway.operator.model.RolloutPlan;
import dev.fleetway.operator.model.RunNames;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a run freezes: plan, assignments, results. Immutable, and owned by the run. Pure.
 *
 * @param owner the run
 */
record RunConfigMaps(RunNames names, String namespace, OwnerReference owner) {
  private static final ObjectMapper JSON = new ObjectMapper();

  List<ConfigMap> plan(RolloutPlan plan) {
    String hash = plan.hash();
    return PlanDocument.split(plan).stream()
        .map(part -> configMap(names.plan(hash, part.part()), PlanDocument.KEY, part))
        .toList();
  }

  ConfigMap assignment(Assignment assignment) {
    return configMap(
        names.cohortJob(assignment.cohort(), assignment.attempt()),
        RunNames.ASSIGNMENT_KEY,
        assignment);
  }

  ConfigMap result(CohortVerdict verdict) {
    List<TenantResult> results =
        verdict.tally().lines().stream()
            .map(line -> TenantResult.of(names, line, verdict.attempt()))
            .toList();
    return configMap(
        names.result(verdict.cohort(), verdict.attempt()),
        RunNames.RESULT_KEY,
        new CohortResult(names.run(), verdict.attempt(), verdict.cohort(), results));
  }

  /** The report of a cohort; it outlives the next run's {@code lastRun}. */
  private record CohortResult(String run, int attempt, int cohort, List<TenantResult> tenants) {}

  @JsonInclude(JsonInclude.Include.NON_NULL)
  private record TenantResult(
      String tenant,
      Outcome outcome,
      TenantReason reason,
      Integer attempt,
      String fromVersion,
      String toVersion,
      Long millis,
      Integer pending,
      List<TenantReason> problems) {
    /** The same whether the operator concluded the outcome now or before a crash. */
    static TenantResult of(RunNames names, CohortTally.Line line, int attempt) {
      Optional<LastRun> evidence = line.evidence();
      Optional<LastPlan> report =
          evidence.isEmpty()
              ? Optional.empty()
              : line.view().flatMap(view -> view.reportOf(names.runUid()));
      return new TenantResult(
          line.tenant().name(),
          line.outcome(),
          line.reason(),
          evidence.map(LastRun::attempt).orElse(attempt),
          evidence.map(LastRun::fromVersion).orElse(null),
          evidence.map(LastRun::toVersion).orElse(null),
          evidence.map(LastRun::durationMillis).orElse(null),
          report.map(LastPlan::pending).orElse(null),
          report
              .map(found -> found.problems().stream().map(Problem::reason).toList())
              .filter(reasons -> !reasons.isEmpty())
              .orElse(null));
    }
  }

  private ConfigMap configMap(String name, String key, Object content) {
    Map<String, String> labels = new HashMap<>(RunNames.MANAGED);
    labels.put(RunNames.RUN_LABEL, names.run());
    labels.put(RunNames.RUN_UID_LABEL, names.runUid());
    return new ConfigMapBuilder()
        .withNewMetadata()
        .withName(name)
        .withNamespace(namespace)
        .withLabels(labels)
        .withOwnerReferences(owner)
        .endMetadata()
        .withImmutable(true)
        .withData(Map.of(key, json(content)))
        .build();
  }

  private static String json(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a record that cannot be written as JSON", e);
    }
  }
}
