package dev.fleetway.runner.image;

import dev.fleetway.runner.testing.TestPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * {@code train <image archive> <cache file>} makes the cache. {@code check <image archive>
 * <repetitions>} fails when the image's Java would not use the one that is in the image, and prints
 * what it is worth when there are repetitions.
 */
public final class AotCache {
  /** A pool of threads is busy, and so the profiles in the cache are of real work. */
  private static final int TRAINING_TENANTS = 20;

  /** Not that of this machine: above 32 GiB object references have another size. */
  private static final String HEAP = "-Xmx256m";

  /** Java ends at once when it cannot use the cache, instead of going on without. */
  private static final String MUST_BE_USED = "-XX:AOTMode=on";

  private final TestPostgres server;
  private final Path directory;
  private final ImageRoot image;

  private AotCache(TestPostgres server, Path directory, Path archive)
      throws IOException, InterruptedException {
    this.server = server;
    this.directory = directory;
    this.image = ImageRoot.extract(archive, directory);
  }

  public static void main(String[] arguments) throws IOException, InterruptedException {
    Path directory = Files.createTempDirectory("fleetway-aot");
    try (TestPostgres server = TestPostgres.start(TestPostgres.Version.NEWEST)) {
      AotCache cache = new AotCache(server, directory, Path.of(arguments[1]));
      switch (arguments[0]) {
        case "train" -> cache.train(Path.of(arguments[2]));
        case "check" -> {
          cache.check();
          cache.measure(Integer.parseInt(arguments[2]));
        }
        default -> throw new IllegalArgumentException(arguments[0]);
      }
    } finally {
      delete(directory);
    }
  }

  private void train(Path file) throws IOException, InterruptedException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    Files.deleteIfExists(file);
    Workout.Start unused =
        run(
            new Workout(server, directory, TRAINING_TENANTS),
            HEAP,
            "-XX:+UseG1GC",
            "-XX:AOTCacheOutput=" + file.toAbsolutePath());
    if (!Files.exists(file)) {
      throw new IllegalStateException("the image's Java has made no cache: it takes Java 25");
    }
  }

  /** In the pods, limits decide about the collector. */
  private void check() throws IOException, InterruptedException {
    if (image.flags().stream().noneMatch(flag -> flag.startsWith("-XX:AOTCache="))) {
      throw new IllegalStateException("the image names no cache");
    }
    for (String collector : List.of("-XX:+UseSerialGC", "-XX:+UseG1GC")) {
      Workout.Start unused = run(new Workout(server, directory, 1), HEAP, collector, MUST_BE_USED);
    }
  }

  /** Tenants at the head: what is left is the start. By turns, so that both have the same luck. */
  private void measure(int repetitions) throws IOException, InterruptedException {
    Workout workout = new Workout(server, directory, 3);
    Workout.Start unused = run(workout, HEAP);
    List<Workout.Start> with = new ArrayList<>();
    List<Workout.Start> without = new ArrayList<>();
    for (int i = 0; i < repetitions; i++) {
      with.add(run(workout, HEAP, "-XX:+UseSerialGC", MUST_BE_USED));
      without.add(run(workout, HEAP, "-XX:+UseSerialGC", "-XX:AOTMode=off"));
    }
    if (repetitions > 0) {
      report("with the cache", with);
      report("without", without);
    }
  }

  private static void report(String what, List<Workout.Start> starts) {
    System.out.printf(
        "first outcome %s: %d ms, of CPU %d ms (medians of %d)%n",
        what,
        median(starts, Workout.Start::wall),
        median(starts, Workout.Start::cpu),
        starts.size());
  }

  private static long median(
      List<Workout.Start> starts, Function<Workout.Start, Duration> measure) {
    return starts.stream().map(measure).sorted().toList().get(starts.size() / 2).toMillis();
  }

  private Workout.Start run(Workout workout, String... more)
      throws IOException, InterruptedException {
    List<String> flags = new ArrayList<>(image.flags());
    flags.addAll(List.of(more));
    return workout.run(image.javaHome(), image.classPath(), flags);
  }

  private static void delete(Path directory) throws IOException {
    List<Path> paths;
    try (Stream<Path> walk = Files.walk(directory)) {
      paths = walk.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : paths) {
      Files.delete(path);
    }
  }
}
