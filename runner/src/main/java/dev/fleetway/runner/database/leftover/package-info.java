/**
 * What a failed CREATE INDEX CONCURRENTLY left behind: {@code Leftovers} clears it where it is
 * certain whose it is, and otherwise {@code LeftoverAdvice} says exactly what to run.
 */
package dev.fleetway.runner.database.leftover;
