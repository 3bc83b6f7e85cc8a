/** How a command ends: the one table of exit codes, and the error that is one clear line. */
package dev.fleetway.cli.exit;
