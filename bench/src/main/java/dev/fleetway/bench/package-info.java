/**
 * The published benchmarks. {@code ./bench/run} measures one pod's work beside what users would
 * pick instead, all in one run on one machine.
 *
 * <ol>
 *   <li>{@code fleet} makes the databases, brings them to a starting point and checks by SQL that
 *       the work was done.
 *   <li>{@code tool} starts what is measured, each as a process of its own.
 *   <li>{@code peer} holds the tools that are Java programs and not ours.
 *   <li>{@code report} turns measurements into the CSV file, the tables and the charts.
 * </ol>
 */
package dev.fleetway.bench;
