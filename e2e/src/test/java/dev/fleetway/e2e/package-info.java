/**
 * Scenarios on a real cluster, and what can be said about the chart without one. {@code ./e2e/run}
 * builds and loads the images and starts the classes that end in {@code E2E}; {@code ./mvnw verify}
 * runs the rest.
 *
 * <ul>
 *   <li>{@code rollout}, {@code pipeline}: runs, and those who wait for them
 *   <li>{@code faults}: what breaks under a run
 *   <li>{@code chart}, {@code admission}, {@code privilege}: what the chart installs, refuses,
 *       grants
 *   <li>{@code cluster}, {@code tool}: what they all stand on
 * </ul>
 */
package dev.fleetway.e2e;
