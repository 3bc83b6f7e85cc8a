/**
 * Why a tenant cannot be migrated, in words that may leave the pod: {@code ServerMessage} and
 * {@code StatementText} say what the server said, without credentials, row data and literals.
 */
package dev.fleetway.runner.database.failure;
