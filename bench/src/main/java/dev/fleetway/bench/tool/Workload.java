package dev.fleetway.bench.tool;

import java.util.List;

/**
 * What a tool shall do; stored as JSON for tools in other languages.
 *
 * @param host host of the server
 * @param port its port
 * @param user owner of the databases
 * @param password his password
 * @param databases the databases
 * @param concurrency databases at a time
 * @param scripts directory of Flyway scripts, {@code V<version>__<description>.sql}
 */
public record Workload(
    String host,
    int port,
    String user,
    String password,
    List<String> databases,
    int concurrency,
    String scripts) {
  public Workload {
    databases = List.copyOf(databases);
  }
}
