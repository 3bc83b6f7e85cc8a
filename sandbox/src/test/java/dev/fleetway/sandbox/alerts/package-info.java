/** The alerts and the dashboard of the chart, judged by Prometheus' own rule evaluator. */
package dev.fleetway.sandbox.alerts;
