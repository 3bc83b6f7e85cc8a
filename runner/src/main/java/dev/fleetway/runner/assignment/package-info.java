/** The assignment of a cohort's pod: read and checked once, before any tenant is touched. */
package dev.fleetway.runner.assignment;
