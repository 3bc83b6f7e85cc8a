/**
 * The operator at scale. The API server is real, the operator is a process with the heap that it
 * gets in production, and only what lies outside it is played: kubelet, Job controller and the
 * tenants' databases. Outcomes are written by the runner's own writers.
 *
 * <p>What happened, and when, is taken from the API server's audit log and from nowhere else: it
 * has every request with its sender, also those that were refused or repeated, and one clock for
 * all of them.
 */
package dev.fleetway.bench.scale;
