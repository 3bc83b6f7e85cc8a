/**
 * Phase 1, observe: what is true now.
 *
 * <ol>
 *   <li>{@link dev.fleetway.operator.observe.RunObserver} reads the run, its Jobs and pods, and the
 *       frozen plan from caches; the fleet, once per run, and evidence that a finished Job should
 *       have left, from the API server itself ({@link
 *       dev.fleetway.operator.observe.StoredObjects}).
 *   <li>{@link dev.fleetway.operator.observe.RunJobs} finds its Jobs with their pods, {@link
 *       dev.fleetway.operator.observe.CohortMembers} the tenants of the cohort that is due.
 *   <li>{@link dev.fleetway.operator.observe.JobReader} turns a Job with its pods into a {@link
 *       dev.fleetway.operator.model.JobState}.
 *   <li>The result is one {@link dev.fleetway.operator.observe.RunObservation}: everything that the
 *       later phases may look at.
 * </ol>
 *
 * <p>The observer never writes and never decides.
 */
package dev.fleetway.operator.observe;
