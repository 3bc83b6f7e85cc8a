package dev.fleetway.operator;

import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus;
import dev.fleetway.operator.decide.Decision;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * The invariants that concern the pure phases, over generated histories: outcomes in any order,
 * late, stale and repeated ones, Jobs that end well, badly or vanish, gates that close and open
 * slowly, tenants that come and go, people who abort, suspend, promote, resume, delete and restore,
 * clocks that jump, operators that die between their writes. A history that fails shrinks to a
 * short one and is told as a story.
 */
class RunInvariantsTest {

  @Provide
  Arbitrary<RolloutSetup> setups() {
    return RolloutSetup.any();
  }

  @Provide
  Arbitrary<List<Happening>> histories() {
    List<Happening.Kind> asOftenAsTheyHappen =
        Arrays.stream(Happening.Kind.values())
            .flatMap(kind -> Collections.nCopies(kind.frequency(), kind).stream())
            .toList();
    return Combinators.combine(
            Arbitraries.of(asOftenAsTheyHappen),
            Arbitraries.integers().between(1, RolloutSetup.TENANTS),
            Arbitraries.of(true, true, false))
        .as(Happening::new)
        .list()
        .ofMinSize(1)
        .ofMaxSize(120);
  }

  @Property(tries = 2000, seed = "20261121")
  void holdWhateverHappens(
      @ForAll("setups") RolloutSetup setup,
      @ForAll("histories") List<Happening> history,
      @ForAll("endings") Ending ending) {
    SimulatedRun run = setup.start();
    RunInvariants invariants = new RunInvariants(run);
    Story story = new Story(setup.toString());
    try {
      for (Happening happening : history) {
        story.happens(happening.toString());
        happening.in(run, invariants);
        story.tell(invariants.step(), run.status());
      }
      story.tell(ending.sentence);
      if (ending == Ending.DELETED) {
        invariants.checkThatItCanBeDeleted();
      } else {
        invariants.checkThatItFinishes();
      }
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError(e.getMessage() + "\nThe story so far:\n" + story, e);
    }
  }

  /** How it goes on when the history is over. */
  private enum Ending {
    IN_PEACE("From here on all pods succeed and somebody resumes what aborted."),
    DELETED("From here on the run is being deleted, and all pods end.");

    private final String sentence;

    Ending(String sentence) {
      this.sentence = sentence;
    }
  }

  @Provide
  Arbitrary<Ending> endings() {
    return Arbitraries.of(Ending.IN_PEACE, Ending.IN_PEACE, Ending.IN_PEACE, Ending.DELETED);
  }

  /** A history for people: where nothing new happens, nothing is told. */
  private static final class Story {
    private final StringBuilder text;
    private String last = "";
    private String happens = "";

    Story(String beginning) {
      text = new StringBuilder(beginning).append('\n');
    }

    void tell(String sentence) {
      text.append(sentence).append('\n');
    }

    /** What comes next; it is the last word when nothing good follows. */
    void happens(String sentence) {
      happens = sentence;
    }

    void tell(Decision decision, TenantMigrationRunStatus status) {
      String now = told(decision, status);
      if (!now.equals(last) || !happens.startsWith("Nothing")) {
        tell(happens + (now.equals(last) ? "" : " -> " + now));
      }
      last = now;
      happens = "";
    }

    @Override
    public String toString() {
      return text + happens;
    }
  }

  private static String told(Decision decision, TenantMigrationRunStatus status) {
    return "%s: attempt %d, %s, %s"
        .formatted(
            decision.getClass().getSimpleName(),
            status.attempt(),
            status.phase(),
            status.condition("Ready").message());
  }
}
