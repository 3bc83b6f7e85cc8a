/**
 * What goes wrong under a run on a real cluster, docs/reliability.md.
 *
 * <p>A {@code Fault} happens in a {@code FaultScene}, while a {@code RunWatch} notes what the run
 * says. Then {@code EvidenceReader} reads the API and every database into {@code FleetEvidence},
 * which {@code Invariants} (pure) holds against what a run promises. A new fault is a line in
 * {@code Faults} and a row on the page.
 */
package dev.fleetway.e2e.faults;
