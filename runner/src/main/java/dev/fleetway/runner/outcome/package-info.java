/**
 * Outcomes: what {@code Tenant.status} says after a tenant ended, and what it said before.
 *
 * <p>{@link dev.fleetway.runner.outcome.TenantApi} is the port to the API server. {@link
 * dev.fleetway.runner.outcome.StatusPatch} (pure) builds one JSON patch per outcome, guarded by the
 * tenant's uid: it names only what is known, and so keeps {@code access}, which belongs to the
 * operator, and an older {@code schemaVersion}. {@link dev.fleetway.runner.outcome.OutcomeWriter}
 * sends the patches beside the work. {@link dev.fleetway.runner.outcome.Evidence} (pure) reads an
 * outcome that is final already.
 */
package dev.fleetway.runner.outcome;
