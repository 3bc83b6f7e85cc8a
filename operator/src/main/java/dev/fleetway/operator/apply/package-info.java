/**
 * Phase 4, apply: the only writer besides the status.
 *
 * <ol>
 *   <li>{@link dev.fleetway.operator.apply.RunApplier} carries out one decision. Every write is
 *       idempotent: names are deterministic, and what exists already was done before.
 *   <li>{@link dev.fleetway.operator.apply.OwnedObjects} says which objects a decision creates;
 *       {@link dev.fleetway.operator.apply.JobFactory} and {@link
 *       dev.fleetway.operator.apply.RunConfigMaps} build them; all are pure.
 *   <li>{@link dev.fleetway.operator.apply.OutcomeWriter} writes the outcomes that no runner could
 *       write, as {@link dev.fleetway.operator.apply.OutcomePatch} has them.
 * </ol>
 *
 * <p>The applier never decides: a crash between any two of its writes is repaired by the same
 * decision falling again.
 */
package dev.fleetway.operator.apply;
