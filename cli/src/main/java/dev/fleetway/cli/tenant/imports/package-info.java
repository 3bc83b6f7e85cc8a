/**
 * {@code tenants import}: a table of tenants becomes Tenants and Secrets.
 *
 * <ol>
 *   <li>A source (CSV, JSON, a query) is read whole into a {@code SourceTable}; each row knows its
 *       place, for error messages.
 *   <li>{@code Mapping} makes {@code ImportedTenant}s of it, or says what is wrong, place by place.
 *       A message never repeats a value: in a row that is shifted by a column it may be the
 *       password.
 *   <li>{@code FleetImport} asks the API server, by dry runs of server-side apply, what would
 *       change. Only when it objects to nothing at all is anything written.
 * </ol>
 */
package dev.fleetway.cli.tenant.imports;
