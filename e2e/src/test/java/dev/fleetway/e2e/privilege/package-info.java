/**
 * What the chart grants: nothing on Secrets, nothing by wildcard, and after all scenarios nothing
 * that the API server's audit log does not show in use.
 */
package dev.fleetway.e2e.privilege;
