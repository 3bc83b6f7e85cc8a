/** Commands on migration scripts in a directory. */
package dev.fleetway.cli.migration;
