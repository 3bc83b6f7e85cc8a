/**
 * What people and programs see: data goes to stdout, talk to stderr; colours only to a terminal;
 * times in the local zone for people and in RFC 3339 for programs.
 */
package dev.fleetway.cli.output;
