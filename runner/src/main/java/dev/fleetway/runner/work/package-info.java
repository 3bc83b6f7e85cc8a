/**
 * The loop over a pod's tenants. {@link dev.fleetway.runner.work.CohortRun} starts them, several at
 * a time; {@code Turns} (pure) says whose turn it is: the assignment's order, but never too many on
 * one server; {@code Workers} are the threads; {@code Tally} counts, and knows when too many have
 * failed; {@code InFlight} knows who is in work, for the last word and for the end of the pod.
 */
package dev.fleetway.runner.work;
