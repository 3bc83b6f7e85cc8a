package dev.fleetway.sandbox.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetway.sandbox.api.ApiEndpoint;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;

/**
 * Plays every story once undisturbed and notes its writes; then again with everything that can go
 * wrong, and compares. One API server serves all; each play has a namespace of its own, and many
 * are on at once.
 */
final class CrashMatrix implements AutoCloseable {
  /** Whether every write shall meet every fault: too much for every build. */
  static final boolean ALL = "all".equals(System.getProperty("fleetway.crashes"));

  /** How threads take turns may leave out the write that was meant. */
  private static final int TRIES = 3;

  private static final List<Story> STORIES = List.of(Story.values());
  private static final int MOST_DEATHS = 8;
  private static final int MOST_WRITES_OF_A_LIFE = 12;

  /** A play waits more than it works. */
  private static final int SIDE_BY_SIDE = 12;

  private final ExecutorService stage = Executors.newFixedThreadPool(SIDE_BY_SIDE);
  private final AtomicInteger plays = new AtomicInteger();
  private final ApiEndpoint api;
  private final KubernetesClient client;
  private final Upstream upstream;
  private final boolean repeats;
  private final Map<Story, CompletableFuture<ScriptedRun.Played>> undisturbed =
      new EnumMap<>(Story.class);

  /**
   * Plays the stories undisturbed.
   *
   * @param repeats see {@link MortalOperator}
   */
  CrashMatrix(ApiEndpoint api, boolean repeats) {
    this.api = api;
    this.client = api.newClient();
    this.upstream = Upstream.of(api);
    this.repeats = repeats;
    for (Story story : STORIES) {
      undisturbed.put(
          story, CompletableFuture.supplyAsync(() -> play(story, () -> Fate.UNDISTURBED), stage));
    }
  }

  ScriptedRun.Played undisturbed(Story story) {
    return undisturbed.get(story).join();
  }

  /** A test per own write of a story and fault. */
  DynamicNode atEachWrite(Story story, List<Fault> faults) {
    List<DynamicTest> tests = new ArrayList<>();
    for (Write write : story.own(undisturbed(story).writes())) {
      for (Fault fault : faults) {
        tests.add(test(fault + " " + write, () -> strikes(story, fault, write)));
      }
    }
    return DynamicContainer.dynamicContainer(story.toString(), tests);
  }

  /** A test per fault, in which all own writes of a story meet it. */
  DynamicNode atAllWrites(Story story, List<Fault> faults) {
    return DynamicContainer.dynamicContainer(
        story + ", all writes",
        faults.stream()
            .map(fault -> test(fault + " every write", () -> strikesAlways(story, fault)))
            .toList());
  }

  /** It begins at once, and JUnit waits for its end. */
  private DynamicTest test(String name, Runnable play) {
    CompletableFuture<Void> played = CompletableFuture.runAsync(play, stage);
    return DynamicTest.dynamicTest(
        name,
        () -> {
          try {
            played.join();
          } catch (CompletionException e) {
            throw e.getCause();
          }
        });
  }

  /** As many deaths as wanted, a few in each test; the same seed gives the same tests. */
  List<DynamicNode> atRandom(int deaths, long seed) {
    Random random = new Random(seed);
    List<DynamicNode> tests = new ArrayList<>();
    for (int left = deaths; left > 0; ) {
      int some = Math.min(left, 1 + random.nextInt(MOST_DEATHS));
      long own = random.nextLong();
      Story story = STORIES.get(random.nextInt(STORIES.size()));
      tests.add(
          test(
              "%s, killed %d times, %d of seed %d".formatted(story, some, tests.size() + 1, seed),
              () -> diesAgainAndAgain(story, some, new Random(own))));
      left -= some;
    }
    return tests;
  }

  private void strikes(Story story, Fault fault, Write meant) {
    for (int i = 0; i < TRIES; i++) {
      AtomicBoolean struck = new AtomicBoolean();
      Fate fate =
          write ->
              write.equals(meant) && struck.compareAndSet(false, true)
                  ? Optional.of(fault)
                  : Optional.empty();
      assertEqual(play(story, () -> struck.get() ? Fate.UNDISTURBED : fate), story);
      if (struck.get()) {
        return;
      }
    }
    Assumptions.abort("%s did not happen again in: %s".formatted(meant, story));
  }

  private void strikesAlways(Story story, Fault fault) {
    Set<Write> own = Set.copyOf(story.own(undisturbed(story).writes()));
    Fate fate = write -> own.contains(write) ? Optional.of(fault) : Optional.empty();
    assertEqual(play(story, () -> fate), story);
  }

  /** The story may come to its end before so many deaths. */
  private void diesAgainAndAgain(Story story, int times, Random random) {
    AtomicInteger left = new AtomicInteger(times);
    assertEqual(
        play(story, () -> left.get() == 0 ? Fate.UNDISTURBED : afterSomeWrites(random, left)),
        story);
  }

  /** A life that ends after some writes; every other one begins with watches that lag. */
  private static Fate afterSomeWrites(Random random, AtomicInteger left) {
    int last = 1 + random.nextInt(MOST_WRITES_OF_A_LIFE);
    Fault death = Fault.KILLS.get(random.nextInt(Fault.KILLS.size()));
    Optional<Fault> beginning =
        random.nextBoolean() ? Optional.of(Fault.WATCH_LAGS) : Optional.empty();
    AtomicInteger writes = new AtomicInteger();
    return write -> {
      int number = writes.incrementAndGet();
      if (number == last) {
        left.decrementAndGet();
        return Optional.of(death);
      }
      return number == 1 ? beginning : Optional.empty();
    };
  }

  /** Looks and end are those of the undisturbed story. */
  private void assertEqual(ScriptedRun.Played disturbed, Story story) {
    List<RunOutcome> expected = undisturbed(story).looks();
    assertThat(disturbed.looks()).as("looks").hasSameSizeAs(expected);
    for (int i = 0; i < expected.size(); i++) {
      assertThat(disturbed.looks().get(i))
          .as("%s, look %d of %d", story, i + 1, expected.size())
          .usingRecursiveComparison()
          .isEqualTo(expected.get(i));
    }
  }

  /** Plays a story with an operator per fate. */
  private ScriptedRun.Played play(Story story, Supplier<Fate> fates) {
    String namespace = "run-" + plays.incrementAndGet();
    client
        .resource(
            new NamespaceBuilder().withNewMetadata().withName(namespace).endMetadata().build())
        .create();
    try (MortalOperator operator = new MortalOperator(upstream, namespace, repeats, fates)) {
      return ScriptedRun.play(client, namespace, story, operator);
    } finally {
      client.namespaces().withName(namespace).delete();
    }
  }

  @Override
  public void close() {
    stage.shutdownNow();
    upstream.close();
    client.close();
    api.close();
  }
}
