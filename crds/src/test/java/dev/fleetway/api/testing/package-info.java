/**
 * A real Kubernetes API server for the tests of every module.
 *
 * <p>Published as this module's test-jar. A module that uses it adds that jar, {@code
 * io.fabric8:kube-api-test} and JUnit Jupiter in test scope, and annotates an {@code *IT} with
 * {@link dev.fleetway.api.testing.RealApiServer}.
 */
package dev.fleetway.api.testing;
