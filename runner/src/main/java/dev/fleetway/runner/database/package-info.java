/**
 * One tenant's database: {@code MigrationAttempt} tells the story.
 *
 * <ol>
 *   <li>{@code session} opens one to the tenant's database. {@code Visit} is one try with it.
 *   <li>{@code history} reads the history table and decides what is pending. A tenant at head costs
 *       no more than this.
 *   <li>{@code leftover} clears what a failed CREATE INDEX CONCURRENTLY left.
 *   <li>{@code flyway} applies what is pending.
 *   <li>{@code FailureClassifier} (pure) turns what went wrong into a reason, and {@code failure}
 *       into a sentence without credentials and row data.
 * </ol>
 *
 * <p>They know each other in one direction only: failure ← session ← history ← leftover ← flyway ←
 * this package.
 *
 * <p>{@link dev.fleetway.runner.database.TenantSurvey}, mode Plan, asks the same {@code Precheck}
 * and {@code Leftovers} in a {@code PlanSession}, which cannot write. {@link
 * dev.fleetway.runner.database.Tries} repeats what may pass by itself.
 */
package dev.fleetway.runner.database;
