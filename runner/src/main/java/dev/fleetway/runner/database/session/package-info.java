/**
 * A session with a tenant's database, from its name to its end.
 *
 * <ol>
 *   <li>{@code TargetNames} checks host and names, {@code Login} reads the mounted Secret, {@code
 *       TenantTls} its certificates.
 *   <li>{@code TenantSession} opens the tenant's only connection; or {@code SharedSessions} has one
 *       that another tenant of the database has left. {@code SessionSettings} is what every session
 *       is set to.
 *   <li>{@code StopSwitch} ends a session from outside, at the tenant's deadline or when the pod
 *       must go: it cancels the statement on the server, because a closed connection alone leaves
 *       the backend at work and its locks held. {@code BackendEnd} proves it gone, {@code
 *       BlockerWatch} says who stood in the way; both ask in a {@code SideSession}.
 * </ol>
 */
package dev.fleetway.runner.database.session;
