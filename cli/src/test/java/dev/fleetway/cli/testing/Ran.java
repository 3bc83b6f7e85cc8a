package dev.fleetway.cli.testing;

/**
 * How a command ended.
 *
 * @param exitCode of the process it would have been
 * @param out everything on stdout
 * @param err everything on stderr
 */
public record Ran(int exitCode, String out, String err) {}
