/**
 * What the tests of all commands share: a real API server, commands run in this process, and golden
 * files of what they print.
 */
package dev.fleetway.cli.testing;
