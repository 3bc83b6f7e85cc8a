/** Commands on runs: start, watch, steer, report. */
package dev.fleetway.cli.run;
