/**
 * Everything goes wrong at every write of a run: the operator dies just before or just after it and
 * another one takes over with empty caches, or the API server answers with a conflict, an error, no
 * answer at all, or sends its events seconds late. {@link dev.fleetway.sandbox.crash.CrashMatrix}
 * notes the writes of each undisturbed {@link dev.fleetway.sandbox.crash.Story}, then tells the
 * story again with each {@link dev.fleetway.sandbox.crash.Fault} and compares the {@link
 * dev.fleetway.sandbox.crash.RunOutcome}s.
 *
 * <p>Real are the operator, its client and the API server; the faults happen in {@link
 * dev.fleetway.sandbox.crash.ApiWire}, a proxy between the two. {@link
 * dev.fleetway.sandbox.crash.ScriptedPods} stands in for Jobs, pods and databases.
 *
 * <p>What runs where: a play on a kube-apiserver costs some times one on the embedded API. The
 * embedded API sees every death, and a client that repeats nothing; the kube-apiserver sees every
 * death of one story, every mishap, and random deaths, with the client of a release.
 */
package dev.fleetway.sandbox.crash;
