/**
 * {@code fleetway}, the command line, also {@code kubectl fleetway}.
 *
 * <p>It only reads and writes the two custom resources, plus ConfigMaps and the Secrets of an
 * import: whatever it does can be done with kubectl too. The layers, each knowing only those before
 * it: {@code exit} (how a command ends), {@code output} (what is seen), {@code connect} (the
 * cluster), {@code command} (what a command is), then the commands themselves in {@code run},
 * {@code tenant} and {@code migration}, and here the root that knows them all.
 */
package dev.fleetway.cli;
