/**
 * What every command is made of.
 *
 * <p>A command is a {@link dev.fleetway.cli.command.FleetwayCommand} with a constructor that takes
 * the {@link dev.fleetway.cli.command.Session}: it asks the cluster, prints data and talk to the
 * console, and ends with an exit code of the one table or a {@code CommandFailure}.
 */
package dev.fleetway.cli.command;
