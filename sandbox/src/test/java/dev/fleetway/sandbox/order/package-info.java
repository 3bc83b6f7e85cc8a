/**
 * What runs do to applications and to each other: the gate, the order of runs that have tenants in
 * common, and what a deletion leaves behind. The operator is the real one; the tests play the pods,
 * so that a Job ends exactly when a test says so.
 */
package dev.fleetway.sandbox.order;
