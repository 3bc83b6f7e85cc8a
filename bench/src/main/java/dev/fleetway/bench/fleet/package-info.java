/** The databases of a benchmark: where they start from, and the proof that the work was done. */
package dev.fleetway.bench.fleet;
