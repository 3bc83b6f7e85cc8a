package dev.fleetway.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Singular;
import io.fabric8.kubernetes.model.annotation.Version;

/** One bundle of migrations rolled over one snapshot of the fleet. */
@JsonClassDescription(
    "One bundle of migrations rolled over one snapshot of the fleet, cohort by cohort.")
@Group("fleetway.dev")
@Version("v1alpha1")
@Plural("tenantmigrationruns")
@Singular("tenantmigrationrun")
@ShortNames("tmr")
@AdditionalPrinterColumn(name = "Phase", jsonPath = ".status.phase")
@AdditionalPrinterColumn(name = "Target", jsonPath = ".status.headVersion")
@AdditionalPrinterColumn(name = "Cohort", jsonPath = ".status.cohortProgress")
@AdditionalPrinterColumn(
    name = "Done",
    jsonPath = ".status.totals.done",
    type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(
    name = "Failed",
    jsonPath = ".status.totals.failed",
    type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(
    name = "Total",
    jsonPath = ".status.totals.tenants",
    type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(
    name = "Aborts",
    jsonPath = ".status.abortCount",
    type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(
    name = "Age",
    jsonPath = ".metadata.creationTimestamp",
    type = AdditionalPrinterColumn.Type.DATE)
@AdditionalPrinterColumn(
    name = "Reason",
    jsonPath = ".status.conditions[?(@.type==\"Ready\")].reason",
    priority = 1)
@AdditionalPrinterColumn(name = "Next-Cohort", jsonPath = ".status.nextCohortTime", priority = 1)
// Rules over a whole object hold at creation only: a later, stricter version of this CRD must not
// block status writes and finalizers of objects that exist already.
@ValidationRule(
    value =
        "oldSelf.hasValue() || (size(self.metadata.name) <= 40 &&"
            + " self.metadata.name.matches('^[a-z0-9]([-a-z0-9]*[a-z0-9])?$'))",
    optionalOldSelf = true,
    fieldPath = ".metadata.name",
    reason = "FieldValueForbidden",
    message =
        "the name of a run becomes part of Job names: use a DNS label of at most 40 characters"
            + " (lower-case letters, digits, hyphens; no dots)")
@ValidationRule(
    value = "oldSelf.hasValue() || !self.spec.abort",
    optionalOldSelf = true,
    fieldPath = ".spec.abort",
    reason = "FieldValueForbidden",
    message = "a new run cannot start aborted: leave spec.abort out")
@ValidationRule(
    value =
        "self.spec.attempt == oldSelf.spec.attempt || self.spec.attempt == oldSelf.spec.attempt + 1"
            + " || (self.spec.attempt > oldSelf.spec.attempt && has(self.status) &&"
            + " has(self.status.phase) && self.status.phase in ['Succeeded', 'Planned'])",
    fieldPath = ".spec.attempt",
    reason = "FieldValueForbidden",
    message =
        "attempt rises by exactly one and never falls: set it to the present value plus one, or leave"
            + " it as it is")
@ValidationRule(
    value =
        "self.spec.attempt <= oldSelf.spec.attempt || !(has(self.status) &&"
            + " has(self.status.phase) && self.status.phase in ['Succeeded', 'Planned'])",
    fieldPath = ".spec.attempt",
    reason = "FieldValueForbidden",
    message =
        "a run that is Succeeded or Planned has nothing left to resume: create a new run instead")
@ValidationRule(
    value =
        "self.spec.attempt != oldSelf.spec.attempt + 1 || (has(self.status) &&"
            + " has(self.status.phase) && (self.status.phase in ['Succeeded', 'Planned'] ||"
            + " (self.status.phase in ['Aborted', 'CompletedWithFailures'] &&"
            + " has(self.status.attempt) && self.status.attempt == oldSelf.spec.attempt)))",
    fieldPath = ".spec.attempt",
    reason = "FieldValueForbidden",
    message =
        "the present attempt has not ended: wait with kubectl wait --for=condition=Finished, or end"
            + " it with spec.abort: true; when the run is Aborted or CompletedWithFailures and"
            + " status.attempt shows the present attempt, raise it by one")
@ValidationRule(
    value = "self.spec.attempt == oldSelf.spec.attempt || !self.spec.abort",
    fieldPath = ".spec.abort",
    reason = "FieldValueForbidden",
    message =
        "a new attempt would abort at once: set spec.abort to false in the same patch that raises"
            + " spec.attempt")
@ValidationRule(
    value =
        "!oldSelf.spec.abort || self.spec.abort || self.spec.attempt > oldSelf.spec.attempt ||"
            + " (has(self.status) && has(self.status.phase) && self.status.phase in ['Succeeded',"
            + " 'CompletedWithFailures', 'Planned'])",
    fieldPath = ".spec.abort",
    reason = "FieldValueForbidden",
    message =
        "an abort cannot be taken back: wait until the phase is Aborted, then set spec.abort to false"
            + " and raise spec.attempt by one in the same patch")
public final class TenantMigrationRun
    extends CustomResource<TenantMigrationRunSpec, TenantMigrationRunStatus> implements Namespaced {
  private static final long serialVersionUID = 1L;

  // A record has no empty value: without a manifest there is no spec.
  @Override
  protected TenantMigrationRunSpec initSpec() {
    return null;
  }

  @Override
  protected TenantMigrationRunStatus initStatus() {
    return null;
  }
}
