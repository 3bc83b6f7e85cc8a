/**
 * Phase 2, plan: which tenant goes where.
 *
 * <ol>
 *   <li>{@link dev.fleetway.operator.plan.CohortPlanner} selects, orders and divides the fleet,
 *       once per run; a frozen plan is taken as it is.
 *   <li>{@link dev.fleetway.operator.plan.CohortAssigner} says, when a cohort starts, who of it is
 *       migrated and who is left out.
 * </ol>
 *
 * <p>Pure: values in, values out; the same fleet in any order gives the same plan.
 */
package dev.fleetway.operator.plan;
