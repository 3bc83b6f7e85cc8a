/**
 * The program in a Job pod: one process, many tenants.
 *
 * <p>{@code inspect} reads the bundle and reports it. {@code run} works through an assignment:
 *
 * <ol>
 *   <li>{@code assignment} and {@code bundle} are read once; what is wrong with them is permanent
 *       and ends the pod with 42.
 *   <li>{@code work} takes the tenants in order, several at a time, until all are done, too many
 *       have failed, or the pod is asked to end.
 *   <li>{@code database} brings one tenant to the head: connect, precheck, Flyway.
 *   <li>{@code outcome} writes what happened to {@code Tenant.status}, beside the work.
 * </ol>
 *
 * <p>The runner knows no controller: its contract is {@code dev.fleetway.api.pod}.
 */
package dev.fleetway.runner;
