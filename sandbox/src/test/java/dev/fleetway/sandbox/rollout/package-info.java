/**
 * What a rollout does with a real operator on an API server: the test plays Job controller, kubelet
 * and runner, step by step, so that it sees each thing happen.
 */
package dev.fleetway.sandbox.rollout;
