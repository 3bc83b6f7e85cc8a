/**
 * Phase 5, status: what the run says of itself.
 *
 * <ol>
 *   <li>{@link dev.fleetway.operator.status.RunStatusFactory} computes the whole next status from
 *       the last one, the observation and the decision; {@link
 *       dev.fleetway.operator.status.CohortSteps} tells of its cohorts, {@link
 *       dev.fleetway.operator.status.RunEnding} of its end.
 *   <li>{@link dev.fleetway.operator.status.RunConditions} is the only place where conditions are
 *       born: one language for kubectl, Flux and Argo CD.
 *   <li>{@link dev.fleetway.operator.status.CohortLedger} keeps the cohorts, totals and failures.
 * </ol>
 *
 * <p>Pure, and idempotent: the same step computed twice, from the same last status, is the same
 * status. A time moves only when what it stands for happened.
 */
package dev.fleetway.operator.status;
