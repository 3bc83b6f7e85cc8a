/**
 * Flyway applies what is pending: {@code FlywayMigration}, on the tenant's own connection, with
 * {@code BundleMigrations} in the place of files, and with a {@code DatabaseTurn} before a script
 * without a transaction. {@code TenantPostgres} and {@code TenantStatements} keep Flyway from
 * asking the server what is known.
 */
package dev.fleetway.runner.database.flyway;
