/** Fixtures that other modules' tests use too: this package is the module's test jar. */
package dev.fleetway.runner.testing;
