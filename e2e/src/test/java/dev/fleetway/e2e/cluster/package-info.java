/**
 * A scenario's place on a real cluster.
 *
 * <p>{@link dev.fleetway.e2e.cluster.ClusterFleet} makes a fresh namespace under the restricted Pod
 * Security profile, with a PostgreSQL pod and a release of the chart. A scenario works there
 * through {@link dev.fleetway.e2e.cluster.KubectlPlace}, by {@code kubectl} alone, as a person or a
 * pipeline would.
 */
package dev.fleetway.e2e.cluster;
