/** From measurements to the CSV file, the table and the chart. Pure but for the files it writes. */
package dev.fleetway.bench.report;
