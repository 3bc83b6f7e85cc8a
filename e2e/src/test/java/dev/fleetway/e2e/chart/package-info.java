/**
 * The chart: what helm makes of it, what a real API server says to that, and the life of a release
 * by the commands of the pages about installing.
 */
package dev.fleetway.e2e.chart;
