/** Runs on a real cluster: with real images and pods, and with an operator that is killed. */
package dev.fleetway.e2e.rollout;
