package dev.fleetway.runner.database;

import dev.fleetway.api.v1alpha1.TenantReason;
import dev.fleetway.api.v1alpha1.TenantStatus.Outcome;
import java.time.Duration;

/** What a pod has to say about one tenant. */
public sealed interface TenantReport permits TenantResult, TenantPlan {
  /** How the tenant counts in the pod's summary. */
  Outcome outcome();

  /** Why it counts so, the first reason if there are several; null for none. */
  TenantReason reason();

  /** What people are told about that; null when there is nothing to add. */
  String message();

  /** SQLSTATE of what went wrong, or null. */
  String sqlState();

  /** How long it took. */
  Duration duration();
}
