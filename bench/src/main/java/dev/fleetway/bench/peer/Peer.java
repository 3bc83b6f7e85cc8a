package dev.fleetway.bench.peer;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fleetway.bench.tool.Workload;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Works through a list of databases with a few threads and prints how long that took. */
final class Peer {
  /** Migrates one database. */
  interface Migration {
    void migrate(Workload workload, String database) throws Exception;
  }

  private Peer() {}

  static void run(String[] arguments, Migration migration)
      throws IOException, InterruptedException, ExecutionException {
    Workload workload =
        new ObjectMapper().readValue(Path.of(arguments[0]).toFile(), Workload.class);
    ExecutorService workers = Executors.newFixedThreadPool(workload.concurrency(), Peer::daemon);
    long start = System.nanoTime();
    List<Future<?>> results = new ArrayList<>();
    for (String database : workload.databases()) {
      results.add(
          workers.submit(
              () -> {
                migration.migrate(workload, database);
                return null;
              }));
    }
    for (Future<?> result : results) {
      result.get();
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    System.out.printf(Locale.ROOT, "%n{\"seconds\": %.4f}%n", seconds);
  }

  /** A failure must end the program. */
  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work);
    thread.setDaemon(true);
    return thread;
  }
}
