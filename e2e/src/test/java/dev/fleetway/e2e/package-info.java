/**
 * Scenarios on a real cluster, and what can be said about the chart without one.
 *
 * <p>A scenario gets a {@link dev.fleetway.e2e.ClusterFleet}: a fresh namespace under the
 * restricted Pod Security profile, with a PostgreSQL pod and a release of the chart. It works there
 * through {@link dev.fleetway.e2e.KubectlPlace}, by {@code kubectl} alone, as a person or a
 * pipeline would. {@code ./e2e/run} builds and loads the images and starts the classes that end in
 * {@code E2E}; {@code ./mvnw verify} runs the rest, which needs nothing but files.
 */
package dev.fleetway.e2e;
