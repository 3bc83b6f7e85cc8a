/**
 * Makes and checks the AOT cache of the runner's image, for the build profile {@code aot}: {@link
 * dev.fleetway.runner.image.AotCache} runs the program of a built image archive on this machine,
 * with the very Java and the very jars that are in it ({@code ImageRoot}), against a real
 * PostgreSQL ({@code Workout}).
 */
package dev.fleetway.runner.image;
