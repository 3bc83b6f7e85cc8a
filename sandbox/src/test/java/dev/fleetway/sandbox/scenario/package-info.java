/**
 * Scenarios that hold wherever a fleet lives. {@link dev.fleetway.sandbox.scenario.DemoScenario} is
 * the demo as assertions; a {@link dev.fleetway.sandbox.scenario.FleetPlace} says where it is
 * played: the sandbox with either API server here, a real cluster in the module {@code e2e}.
 */
package dev.fleetway.sandbox.scenario;
