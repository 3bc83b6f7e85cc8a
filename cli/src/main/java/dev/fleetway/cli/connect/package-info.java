/**
 * The way to the cluster: configuration as kubectl finds it, and errors as one clear line.
 *
 * <p>{@link dev.fleetway.cli.connect.Cluster} is the only place where commands meet the API server;
 * whatever it refuses becomes a {@link dev.fleetway.cli.exit.CommandFailure}.
 */
package dev.fleetway.cli.connect;
