package dev.fleetway.runner.database;

import dev.fleetway.api.v1alpha1.TenantStatus.Outcome;
import java.time.Duration;

/** What a pod has to say about one tenant. */
public sealed interface TenantReport permits TenantResult, TenantPlan {
  /** How the tenant counts in the pod's summary. */
  Outcome outcome();

  /** How long it took. */
  Duration duration();
}
