package dev.fleetway.operator.apply;

import dev.fleetway.api.v1alpha1.Condition;
import dev.fleetway.api.v1alpha1.Tenant;
import dev.fleetway.api.v1alpha1.TenantMigrationRunSpec.Mode;
import dev.fleetway.api.v1alpha1.TenantReason;
import dev.fleetway.api.v1alpha1.TenantStatus;
import dev.fleetway.api.v1alpha1.TenantStatus.LastPlan;
import dev.fleetway.api.v1alpha1.TenantStatus.LastRun;
import dev.fleetway.api.v1alpha1.TenantStatus.Outcome;
import dev.fleetway.operator.decide.CohortVerdict;
import dev.fleetway.operator.model.CohortTally;
import dev.fleetway.operator.model.JsonPatch;
import dev.fleetway.operator.model.PlanReport;
import dev.fleetway.operator.model.RunNames;
import dev.fleetway.operator.model.TenantView;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Writes the outcomes that no runner could write: tenants that were left out, not reached, or lost
 * with their pod.
 */
final class OutcomeWriter {
  private static final int UNPROCESSABLE = 422;

  private final KubernetesClient client;
  private final Clock clock;

  OutcomeWriter(KubernetesClient client, Clock clock) {
    this.client = client;
    this.clock = clock;
  }

  void write(String namespace, RunNames names, Mode mode, CohortVerdict verdict) {
    for (CohortTally.Line line : verdict.tally().lines()) {
      if (line.evidence().isEmpty() && line.reason() != TenantReason.TenantDeleted) {
        write(namespace, names, mode, verdict, line);
      }
    }
  }

  private void write(
      String namespace, RunNames names, Mode mode, CohortVerdict verdict, CohortTally.Line line) {
    var resource =
        client.resources(Tenant.class).inNamespace(namespace).withName(line.tenant().name());
    Tenant tenant = resource.get();
    if (tenant == null
        || !tenant.getMetadata().getUid().equals(line.tenant().uid())
        || hasOutcome(tenant, names, verdict)) {
      return;
    }
    JsonPatch patch =
        new JsonPatch()
            // Keeps a runner's outcome that arrives in this very moment.
            .test("/metadata/resourceVersion", tenant.getMetadata().getResourceVersion());
    if (tenant.getStatus() == null) {
      patch.add("/status", Map.of());
    }
    if (mode == Mode.Plan) {
      patch.add("/status/lastPlan", report(names, verdict, line));
    } else {
      patch.add("/status/lastRun", outcome(names, verdict, line));
    }
    // A report says nothing of where the database stands now.
    if (mode == Mode.Apply && line.outcome() == Outcome.Failed) {
      patch.add("/status/conditions", notReady(tenant, line));
    }
    try {
      resource.subresource("status").patch(PatchContext.of(PatchType.JSON), patch.json());
    } catch (KubernetesClientException e) {
      if (e.getCode() == UNPROCESSABLE) {
        throw new IllegalStateException(
            "tenant %s changed while its outcome was written; the next look decides anew"
                .formatted(line.tenant().name()),
            e);
      }
      if (e.getCode() != HttpURLConnection.HTTP_NOT_FOUND) {
        throw e;
      }
    }
  }

  private static boolean hasOutcome(Tenant tenant, RunNames names, CohortVerdict verdict) {
    return TenantView.of(tenant)
        .outcomeOf(names.runUid())
        .filter(found -> found.attempt() >= verdict.attempt())
        .filter(found -> Objects.equals(found.cohort(), verdict.cohort()))
        .isPresent();
  }

  private LastPlan report(RunNames names, CohortVerdict verdict, CohortTally.Line line) {
    return PlanReport.unmeasured(
        names,
        verdict.attempt(),
        verdict.cohort(),
        line.reason(),
        line.explanation(),
        clock.instant().toString());
  }

  private static LastRun outcome(RunNames names, CohortVerdict verdict, CohortTally.Line line) {
    return LastRun.unmeasured(
        names.run(),
        names.runUid(),
        verdict.attempt(),
        verdict.cohort(),
        line.outcome(),
        line.reason(),
        line.explanation());
  }

  private List<Condition> notReady(Tenant tenant, CohortTally.Line line) {
    List<Condition> before =
        Optional.ofNullable(tenant.getStatus()).map(TenantStatus::conditions).orElse(List.of());
    return new Condition(
            "Ready",
            Condition.Status.False,
            tenant.getMetadata().getGeneration(),
            clock.instant().toString(),
            line.reason().name(),
            line.explanation())
        .mergedInto(before);
  }
}
