/**
 * A whole Fleetway on one machine: embedded PostgreSQL, an API server, the operator inside this
 * process, and pods as processes. {@link dev.fleetway.sandbox.Sandbox} starts and stops it; {@code
 * demo} shows it to people, the tests use it as a place for scenarios.
 */
package dev.fleetway.sandbox;
