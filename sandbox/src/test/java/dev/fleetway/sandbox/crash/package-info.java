/**
 * The operator dies at every write of a run, just before and just after it, and another one takes
 * over with empty caches. {@link dev.fleetway.sandbox.crash.OperatorCrashIT} records the writes of
 * one undisturbed {@link dev.fleetway.sandbox.crash.ScriptedRun}, then repeats the run once per
 * {@link dev.fleetway.sandbox.crash.Crash} and compares the {@link
 * dev.fleetway.sandbox.crash.RunOutcome}s.
 *
 * <p>Real are the operator, its client and the embedded API; {@link
 * dev.fleetway.sandbox.crash.ScriptedPods} stands in for Jobs, pods and databases.
 */
package dev.fleetway.sandbox.crash;
