/**
 * The first look: {@code ./sandbox/run}.
 *
 * <p>{@code Main} reads the options, {@code Demo} tells the story, {@code RunFollower} turns what
 * happens in the API into {@code Progress}, {@code FleetCheck} asks every database at the end
 * whether it is true. The exit code is that answer.
 */
package dev.fleetway.sandbox.demo;
