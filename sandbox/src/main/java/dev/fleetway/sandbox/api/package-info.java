/**
 * The API that the sandbox's operator, runners and {@code kubectl} talk to.
 *
 * <p>{@link dev.fleetway.sandbox.api.ApiEndpoint} has two forms. The embedded one, {@code
 * EmbeddedApi}, is built on the HTTP layer of the Fabric8 mock server ({@code Dispatcher}, {@code
 * MockResponse}, WebSocket listeners), with our own dispatcher instead of its CRUD mode, which
 * lacks too much to be repaired from outside: server-side apply, merge semantics, set selectors,
 * status isolation, version checks, discovery, tables, finite and streamed watches, owner-driven
 * garbage collection. The other, {@code RealApi}, is a kube-apiserver with etcd, started by
 * Fabric8's kube-api-test.
 *
 * <p>In the embedded API a request goes {@code ApiDispatcher} → ({@code Discovery} | {@code
 * AccessReviews} | {@code ObjectWriter}, {@code ObjectPatcher}, {@code ObjectRemover}) → {@code
 * ObjectStore} → {@code Watch}. It checks the schemas of CRDs and fills in their defaults; CEL
 * rules, admission and authorisation are left to a real API server.
 */
package dev.fleetway.sandbox.api;
