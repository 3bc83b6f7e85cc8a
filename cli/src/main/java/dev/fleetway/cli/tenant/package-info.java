/** Commands on tenants. */
package dev.fleetway.cli.tenant;
