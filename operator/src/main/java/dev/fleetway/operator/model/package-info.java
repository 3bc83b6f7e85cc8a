/**
 * The values that the phases of a reconcile hand to each other.
 *
 * <p>Records without behaviour beyond questions about themselves. Nothing in here knows a client or
 * a clock, and nothing refers to a phase: observe, plan, decide, apply and status all build on this
 * package, never the other way round.
 */
package dev.fleetway.operator.model;
