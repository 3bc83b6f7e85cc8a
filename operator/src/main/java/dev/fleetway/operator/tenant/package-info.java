/**
 * What a Tenant says of itself without a run: {@code status.access}, derived from the owner's
 * intent and never toggled, and a first Ready condition until a runner has seen the database.
 */
package dev.fleetway.operator.tenant;
