/**
 * The peers that are Java programs: the limit that JDBC sets, and Flyway's own API in a plain loop.
 * Each is a program that takes a {@link dev.fleetway.bench.tool.Workload}.
 */
package dev.fleetway.bench.peer;
