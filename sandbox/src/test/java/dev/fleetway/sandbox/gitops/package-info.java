/** {@code docs/gitops.md} and its files, against a real API server. */
package dev.fleetway.sandbox.gitops;
