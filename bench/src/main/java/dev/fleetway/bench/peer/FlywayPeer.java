package dev.fleetway.bench.peer;

import dev.fleetway.bench.tool.Workload;
import java.io.IOException;
import java.util.concurrent.ExecutionException;
import org.flywaydb.core.Flyway;

/** Flyway's own API in a plain loop, with its defaults. */
final class FlywayPeer {
  private FlywayPeer() {}

  public static void main(String[] arguments)
      throws IOException, InterruptedException, ExecutionException {
    Peer.run(arguments, FlywayPeer::migrate);
  }

  private static void migrate(Workload workload, String database) {
    Flyway.configure()
        .dataSource(
            "jdbc:postgresql://%s:%d/%s?sslmode=disable"
                .formatted(workload.host(), workload.port(), database),
            workload.user(),
            workload.password())
        .locations("filesystem:" + workload.scripts())
        .load()
        .migrate();
  }
}
