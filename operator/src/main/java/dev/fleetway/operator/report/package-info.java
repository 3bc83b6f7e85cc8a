/**
 * After the status: what people are told.
 *
 * <ol>
 *   <li>{@link dev.fleetway.operator.report.RunStatusWriter} writes the status once per reconcile,
 *       progress alone at most every five seconds.
 *   <li>{@link dev.fleetway.operator.report.RunEvents} names the transitions between two statuses;
 *       pure.
 *   <li>{@link dev.fleetway.operator.report.EventPublisher} sends them, after the write succeeded.
 *       An event that cannot be sent never fails a reconcile.
 * </ol>
 */
package dev.fleetway.operator.report;
