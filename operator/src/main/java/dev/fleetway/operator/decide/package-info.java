/**
 * Phase 3, decide: the one next action.
 *
 * <ol>
 *   <li>{@link dev.fleetway.operator.decide.RunDecider} looks at an observation and a plan and
 *       returns exactly one {@link dev.fleetway.operator.decide.Decision}.
 *   <li>{@link dev.fleetway.operator.decide.CohortVerdict} judges a cohort whose Job has come to
 *       rest.
 * </ol>
 *
 * <p>Pure: the clock is passed in, and the same observation gives the same decision. Whatever a
 * crash left half done shows in the next observation, and the same decision falls again.
 */
package dev.fleetway.operator.decide;
