/** The PostgreSQL server that holds the tenants' databases. */
package dev.fleetway.sandbox.postgres;
