/**
 * How {@code crds/yaml} comes from the types, and what a real API server makes of it.
 *
 * <p>{@link dev.fleetway.api.crd.CrdYaml} generates, {@link dev.fleetway.api.crd.SchemaRefinement}
 * adds what annotations cannot say, and the tests compare the result with the checked-in files,
 * with the defaults in the code, and with the API server's own verdicts.
 */
package dev.fleetway.api.crd;
