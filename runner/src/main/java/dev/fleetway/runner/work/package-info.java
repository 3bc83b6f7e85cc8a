/**
 * The loop over a cohort's tenants. {@link dev.fleetway.runner.work.CohortRun} starts them in the
 * assignment's order, several at a time; {@code Tally} counts, and knows when too many have failed;
 * {@code InFlight} knows who is in work, for the last word and for the end of the pod.
 */
package dev.fleetway.runner.work;
