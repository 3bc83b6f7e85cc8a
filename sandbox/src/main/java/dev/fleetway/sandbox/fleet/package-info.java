/** Manifests of a demo fleet: tenants with their Secrets, bundles as ConfigMaps, runs. */
package dev.fleetway.sandbox.fleet;
