/**
 * What the operator and a runner pod say to each other, all of it through files.
 *
 * <p>In: an {@link dev.fleetway.api.pod.Assignment} (one cohort's tenants), a directory of SQL
 * scripts, a directory of credentials; where they are mounted is in the environment that {@link
 * dev.fleetway.api.pod.PodContract} names. Out: one outcome per tenant in {@code Tenant.status}, a
 * {@link dev.fleetway.api.pod.TerminationMessage}, and an exit code of {@link
 * dev.fleetway.api.pod.PodContract}.
 */
package dev.fleetway.api.pod;
