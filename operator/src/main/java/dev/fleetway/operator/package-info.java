/**
 * The operator: two controllers over the two custom resources.
 *
 * <p>A {@code TenantMigrationRun} is reconciled in one direction, a package per phase, and a test
 * refuses the way back:
 *
 * <pre>
 * observe → plan → decide → apply → status → report
 * </pre>
 *
 * <p>{@link dev.fleetway.operator.RunReconciler} only sequences the phases; {@code tenant} derives
 * what an application may do with a tenant; {@link dev.fleetway.operator.FleetwayOperator} is the
 * entrance.
 */
package dev.fleetway.operator;
