/** Measurements behind decisions, repeated by hand. */
package dev.fleetway.runner.measure;
