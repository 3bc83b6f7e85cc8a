/**
 * One tenant's database: {@code MigrationAttempt} tells the story.
 *
 * <ol>
 *   <li>{@code TargetNames} checks host and names, {@code Login} reads the mounted Secret.
 *   <li>{@code TenantSession} opens the tenant's only connection; or {@code SharedSessions} has one
 *       that another tenant of the database has left. {@code Visit} is one try with it.
 *   <li>{@code HistoryReader} sets the session up and reads the history table in one round trip;
 *       {@code Precheck} (pure) decides by the {@code MigrationRules} whether anything is pending,
 *       and {@code HistoryDifferences} (pure) what forbids it. A tenant at head costs no more than
 *       this.
 *   <li>{@code Leftovers} clears what a failed CREATE INDEX CONCURRENTLY left.
 *   <li>{@code Realignment} corrects the checksums that the run accepts, and nothing else.
 *   <li>{@code FlywayMigration} lets Flyway apply what is pending, on the same connection, with
 *       {@code BundleMigrations} in the place of files, and with a {@code DatabaseTurn} before a
 *       script without a transaction. {@code TenantPostgres} and {@code TenantStatements} keep
 *       Flyway from asking the server what is known.
 *   <li>{@code FailureClassifier} and {@code ServerMessage} (pure) turn what went wrong into a
 *       reason and a sentence without credentials and row data.
 * </ol>
 *
 * <p>{@link dev.fleetway.runner.database.TenantSurvey}, mode Plan, asks the same {@code Precheck}
 * and {@code Leftovers} in a {@code PlanSession}, which cannot write. {@link
 * dev.fleetway.runner.database.Tries} repeats what may pass by itself.
 *
 * <p>{@link dev.fleetway.runner.database.StopSwitch} ends a session from outside, at the tenant's
 * deadline or when the pod must go: it cancels the statement on the server, because a closed
 * connection alone leaves the backend at work and its locks held.
 */
package dev.fleetway.runner.database;
