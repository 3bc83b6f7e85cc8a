/**
 * What Prometheus is told, at the edge: nothing here is asked by a phase of a run.
 *
 * <ol>
 *   <li>{@link dev.fleetway.operator.metrics.FleetMetric} names every metric, its labels and its
 *       meaning; {@code docs/metrics.md} is checked against it.
 *   <li>{@link dev.fleetway.operator.metrics.StoredGauges}: what must outlive a restart is computed
 *       at each scrape from the stored Tenants and runs, and goes when they go. Only the leader has
 *       them, so that two replicas never tell the same thing twice.
 *   <li>{@link dev.fleetway.operator.metrics.RolloutCounters}: what happened, counted once, from
 *       the transition between two statuses after the second was written.
 *   <li>{@link dev.fleetway.operator.metrics.ServerLoad}: the database servers at work now.
 * </ol>
 *
 * <p>No label has a tenant's name; of finished runs only the newest few are told.
 */
package dev.fleetway.operator.metrics;
