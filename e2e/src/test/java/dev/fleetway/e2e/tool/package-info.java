/**
 * What the tests of this module start and read: a program, helm without a cluster, the source tree.
 */
package dev.fleetway.e2e.tool;
