package dev.fleetway.bench.tool;

/**
 * How long it took.
 *
 * @param seconds the work alone, from the first database to the last outcome
 * @param processSeconds the whole process with its start
 */
public record Timing(double seconds, double processSeconds) {}
