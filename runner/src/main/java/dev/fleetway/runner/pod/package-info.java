/** The pod around the program: its environment, its last word, and the error that ends it. */
package dev.fleetway.runner.pod;
