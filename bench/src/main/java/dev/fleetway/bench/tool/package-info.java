/**
 * What is measured: programs that bring a list of databases to the newest version of a directory of
 * Flyway scripts. Each is a process of its own that reads a {@link
 * dev.fleetway.bench.tool.Workload} and prints how long the work took.
 */
package dev.fleetway.bench.tool;
