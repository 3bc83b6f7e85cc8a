/**
 * The bundle: a directory of Flyway SQL scripts, read once per pod and held in memory, so that the
 * bytes that were hashed are the bytes that run.
 *
 * <p>{@link dev.fleetway.runner.bundle.BundleReader} does the reading; from there on everything is
 * pure: {@code BundleParser} accepts versioned and repeatable scripts and nothing else (Flyway
 * would also execute shell scripts and callbacks, and would call an empty directory a success),
 * {@code TransactionRules} finds what would leave a script half applied, {@link
 * dev.fleetway.runner.bundle.BundleDigest} names the bundle, {@link
 * dev.fleetway.runner.bundle.BundleInspection} reports it. {@link
 * dev.fleetway.runner.bundle.SharedScripts} puts the values of {@link
 * dev.fleetway.runner.bundle.Placeholders} in and parses, once for all tenants where it can.
 */
package dev.fleetway.runner.bundle;
