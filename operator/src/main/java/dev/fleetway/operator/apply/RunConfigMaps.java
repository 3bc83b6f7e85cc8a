package dev.fleetway.operator.apply;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fleetway.api.pod.Assignment;
import dev.fleetway.operator.decide.CohortVerdict;
import dev.fleetway.operator.model.CohortResult;
import dev.fleetway.operator.model.PlanDocument;
import dev.fleetway.operator.model.RolloutPlan;
import dev.fleetway.operator.model.RunNames;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a run freezes: plan, assignments, results. Immutable, and owned by the run. Pure.
 *
 * @param owner the run
 */
record RunConfigMaps(RunNames names, String namespace, OwnerReference owner) {
  private static final ObjectMapper JSON = new ObjectMapper();

  // The API server takes 1 MiB of data; the rest is for names, labels and owner.
  private static final int MOST_BYTES = 1_000_000;

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

  ConfigMap result(CohortVerdict verdict, String name) {
    CohortResult result =
        CohortResult.of(names, verdict.attempt(), verdict.cohort(), verdict.tally());
    ConfigMap whole = configMap(name, RunNames.RESULT_KEY, result);
    int bytes = whole.getData().get(RunNames.RESULT_KEY).getBytes(StandardCharsets.UTF_8).length;
    return bytes <= MOST_BYTES
        ? whole
        : configMap(name, RunNames.RESULT_KEY, result.withoutMessages());
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
