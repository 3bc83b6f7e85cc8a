/** The chart's admission policies, on a real API server without a kubelet. */
package dev.fleetway.e2e.admission;
