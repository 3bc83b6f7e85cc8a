/**
 * What runs do to applications and to each other: the gate, the order of runs that have tenants in
 * common, what a deletion leaves behind, and what people do meanwhile. The operator is the real
 * one; the tests play the pods, so that a Job ends exactly when a test says so.
 */
package dev.fleetway.sandbox.order;
