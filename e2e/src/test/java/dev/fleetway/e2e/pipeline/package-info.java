/** How a pipeline waits for a run on a real cluster: by the command line, by helm. */
package dev.fleetway.e2e.pipeline;
