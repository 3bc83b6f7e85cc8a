package dev.fleetway.operator.observe;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fleetway.api.pod.Assignment;
import dev.fleetway.operator.model.CohortResult;
import dev.fleetway.operator.model.FailedTenant;
import dev.fleetway.operator.model.PlanDocument;
import dev.fleetway.operator.model.RolloutPlan;
import dev.fleetway.operator.model.RunNames;
import io.fabric8.kubernetes.api.model.ConfigMap;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Reads what a run froze in immutable ConfigMaps: its plan, and the assignments and reports of its
 * cohorts. They never change, so what was read once is kept; the newest few are enough. But
 * somebody may delete them, and others read them too: a new pod, the next operator.
 */
final class RunArchive {
  private static final int KEPT = 32;
  private static final int KEPT_REPORTS = 2048;

  /** Whether what is known is still stored is asked no more often than this. */
  private static final Duration BETWEEN_CHECKS = Duration.ofSeconds(5);

  private final StoredObjects stored;
  private final ObjectMapper json = new ObjectMapper();
  private final Map<String, RolloutPlan> plans = newestFew(KEPT);
  private final Map<String, Instant> checks = newestFew(2 * KEPT);
  private final Map<String, Assignment> assignments = newestFew(KEPT);
  private final Map<String, List<FailedTenant>> failures = newestFew(KEPT_REPORTS);

  RunArchive(StoredObjects stored) {
    this.stored = stored;
  }

  /** The plan with this hash; empty when a part of it is gone or is not what it was. */
  synchronized Optional<RolloutPlan> plan(String namespace, RunNames names, String hash) {
    RolloutPlan known = plans.get(names.runUid() + hash);
    if (known != null) {
      return Optional.of(known);
    }
    List<PlanDocument> parts = new ArrayList<>();
    do {
      Optional<PlanDocument> part =
          read(namespace, names, names.plan(hash, parts.size() + 1), PlanDocument.KEY)
              .map(text -> parse(text, PlanDocument.class));
      if (part.isEmpty()) {
        return Optional.empty();
      }
      parts.add(part.get());
    } while (parts.size() < parts.get(0).parts());
    RolloutPlan plan = PlanDocument.join(parts);
    if (!plan.hash().equals(hash)) {
      return Optional.empty();
    }
    plans.put(names.runUid() + hash, plan);
    return Optional.of(plan);
  }

  /** Did somebody delete a part of this plan, of which the whole is known here? */
  boolean isDeleted(String namespace, RunNames names, RolloutPlan plan, String hash, Instant now) {
    List<String> parts =
        IntStream.rangeClosed(1, PlanDocument.partsOf(plan))
            .mapToObj(part -> names.plan(hash, part))
            .toList();
    return isDeleted(namespace, names, parts, now);
  }

  /** Did somebody delete this assignment, which is known here? */
  boolean isDeleted(String namespace, RunNames names, Assignment assignment, Instant now) {
    String name = names.cohortJob(assignment.cohort(), assignment.attempt());
    return isDeleted(namespace, names, List.of(name), now);
  }

  private synchronized boolean isDeleted(
      String namespace, RunNames names, List<String> objects, Instant now) {
    String key = names.runUid() + objects.get(0);
    Instant last = checks.get(key);
    if (last != null && !now.isBefore(last) && now.isBefore(last.plus(BETWEEN_CHECKS))) {
      return false;
    }
    if (!objects.stream().allMatch(name -> isStored(namespace, names, name))) {
      return true;
    }
    checks.put(key, now);
    return false;
  }

  private boolean isStored(String namespace, RunNames names, String name) {
    return stored.configMap(namespace, name).filter(map -> isOurs(names, map)).isPresent();
  }

  /** What a cohort was started with in this attempt. */
  synchronized Optional<Assignment> assignment(
      String namespace, RunNames names, int cohort, int attempt) {
    String name = names.cohortJob(cohort, attempt);
    String key = names.runUid() + name;
    Assignment known = assignments.get(key);
    if (known != null) {
      return Optional.of(known);
    }
    Optional<Assignment> stored =
        read(namespace, names, name, RunNames.ASSIGNMENT_KEY)
            .map(text -> parse(text, Assignment.class));
    stored.ifPresent(assignment -> assignments.put(key, assignment));
    return stored;
  }

  /** The failed tenants of a cohort, from its report; empty when the report is gone. */
  synchronized Optional<List<FailedTenant>> failed(
      String namespace, RunNames names, int cohort, int attempt) {
    String key = names.runUid() + names.result(cohort, attempt);
    if (failures.containsKey(key)) {
      return Optional.of(failures.get(key));
    }
    Optional<List<FailedTenant>> stored =
        read(namespace, names, names.result(cohort, attempt), RunNames.RESULT_KEY)
            .or(
                () ->
                    read(
                        namespace,
                        names,
                        names.resultBesideNamesake(cohort, attempt),
                        RunNames.RESULT_KEY))
            .map(text -> parse(text, CohortResult.class).failed());
    stored.ifPresent(failed -> failures.put(key, failed));
    return stored;
  }

  /** Is this name taken by a ConfigMap that is not this run's, and stays? */
  boolean isForeign(String namespace, RunNames names, String name) {
    return stored
        .configMap(namespace, name)
        .filter(found -> !isOurs(names, found))
        .filter(found -> found.getMetadata().getDeletionTimestamp() == null)
        .isPresent();
  }

  /** A ConfigMap of a deleted run with the same name is not ours. */
  private Optional<String> read(String namespace, RunNames names, String name, String key) {
    return stored
        .configMap(namespace, name)
        .filter(map -> isOurs(names, map))
        .map(map -> map.getData().get(key));
  }

  private static boolean isOurs(RunNames names, ConfigMap map) {
    return map.getMetadata().getOwnerReferences().stream()
        .anyMatch(owner -> owner.getUid().equals(names.runUid()));
  }

  private <T> T parse(String text, Class<T> type) {
    try {
      return json.readValue(text, type);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static <T> Map<String, T> newestFew(int kept) {
    return new LinkedHashMap<>(16, 0.75f, true) {
      private static final long serialVersionUID = 1L;

      @Override
      protected boolean removeEldestEntry(Map.Entry<String, T> eldest) {
        return size() > kept;
      }
    };
  }
}
