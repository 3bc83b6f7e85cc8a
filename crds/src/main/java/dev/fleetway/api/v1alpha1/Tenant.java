package dev.fleetway.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.crd.generator.annotation.AdditionalSelectableField;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Singular;
import io.fabric8.kubernetes.model.annotation.Version;

/** One tenant's database or schema. The fleet is all tenants of one namespace. */
@JsonClassDescription("One tenant's database or schema. The fleet is all tenants of one namespace.")
@Group("fleetway.dev")
@Version("v1alpha1")
@Plural("tenants")
@Singular("tenant")
@ShortNames("tn")
@AdditionalPrinterColumn(name = "State", jsonPath = ".spec.state")
@AdditionalPrinterColumn(name = "Access", jsonPath = ".status.access")
@AdditionalPrinterColumn(name = "Version", jsonPath = ".status.schemaVersion")
@AdditionalPrinterColumn(name = "Outcome", jsonPath = ".status.lastRun.outcome")
@AdditionalPrinterColumn(name = "Last-Run", jsonPath = ".status.lastRun.name")
@AdditionalPrinterColumn(
    name = "Age",
    jsonPath = ".metadata.creationTimestamp",
    type = AdditionalPrinterColumn.Type.DATE)
@AdditionalPrinterColumn(name = "Reason", jsonPath = ".status.lastRun.reason", priority = 1)
@AdditionalPrinterColumn(
    name = "Pending",
    jsonPath = ".status.lastPlan.pending",
    type = AdditionalPrinterColumn.Type.INTEGER,
    priority = 1)
@AdditionalPrinterColumn(
    name = "Min-Code",
    jsonPath = ".status.minCompatibleCodeVersion",
    priority = 1)
@AdditionalPrinterColumn(name = "Server", jsonPath = ".spec.database.host", priority = 1)
@AdditionalSelectableField(jsonPath = ".spec.state")
@AdditionalSelectableField(jsonPath = ".status.access")
@AdditionalSelectableField(jsonPath = ".status.schemaVersion")
@AdditionalSelectableField(jsonPath = ".status.lastRun.outcome")
public final class Tenant extends CustomResource<TenantSpec, TenantStatus> implements Namespaced {
  private static final long serialVersionUID = 1L;

  // A record has no empty value: without a manifest there is no spec.
  @Override
  protected TenantSpec initSpec() {
    return null;
  }

  @Override
  protected TenantStatus initStatus() {
    return null;
  }
}
