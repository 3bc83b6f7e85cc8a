package dev.fleetway.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetway.api.pod.Assignment;
import dev.fleetway.api.v1alpha1.Rollout;
import dev.fleetway.api.v1alpha1.TenantMigrationRunSpec;
import dev.fleetway.api.v1alpha1.TenantMigrationRunSpec.Mode;
import dev.fleetway.api.v1alpha1.TenantMigrationRunSpec.Tenants;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.Phase;
import dev.fleetway.api.v1alpha1.TenantReason;
import dev.fleetway.operator.model.JobState.Progress;
import dev.fleetway.operator.model.RivalRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The state diagram in {@code docs/how-a-run-works.md} has the phases of the code, and the
 * transitions that runs make when people, pods and other runs do anything they can. The histories
 * are drawn, from one seed: the same in every build.
 */
class PhaseDiagramTest {
  private static final Path PAGE = Path.of("..", "docs", "how-a-run-works.md");
  private static final Pattern DIAGRAM =
      Pattern.compile("(?s)```mermaid\\s+stateDiagram-v2(.*?)```");
  private static final Pattern ARROW =
      Pattern.compile("(?m)^\\s*(\\[\\*]|\\w+) --> (\\[\\*]|\\w+)(\\s*:.*)?$");
  private static final String NOWHERE = "[*]";
  private static final int TENANTS = 4;
  private static final int HISTORIES = 600;
  private static final int LENGTH = 60;

  private final Random random = new Random(20261121);
  private final Set<String> seen = new TreeSet<>();

  @Test
  void theDiagramHasThePhasesOfTheCode() throws IOException {
    Set<String> drawn =
        arrows().stream()
            .flatMap(arrow -> Arrays.stream(arrow.split(" --> ", -1)))
            .filter(phase -> !phase.equals(NOWHERE))
            .collect(Collectors.toSet());

    assertThat(drawn)
        .isEqualTo(Arrays.stream(Phase.values()).map(Enum::name).collect(Collectors.toSet()));
  }

  @Test
  void theDiagramHasTheTransitionsThatRunsMakeAndNoOther() throws IOException {
    for (int i = 0; i < HISTORIES; i++) {
      live(new SimulatedRun(spec(i), i % 20 == 0 ? 0 : TENANTS));
    }

    Set<String> between =
        arrows().stream().filter(arrow -> !arrow.endsWith(NOWHERE)).collect(Collectors.toSet());
    assertThat(seen).containsExactlyInAnyOrderElementsOf(between);
  }

  @Test
  void whatIsFinishedHasAWayOut() throws IOException {
    assertThat(arrows())
        .contains("Succeeded --> [*]", "Planned --> [*]", "CompletedWithFailures --> [*]");
  }

  private static Set<String> arrows() throws IOException {
    var diagram = DIAGRAM.matcher(Files.readString(PAGE));
    assertThat(diagram.find()).as("a state diagram in %s", PAGE).isTrue();
    return ARROW
        .matcher(diagram.group(1))
        .results()
        .map(arrow -> arrow.group(1) + " --> " + arrow.group(2))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static TenantMigrationRunSpec spec(int number) {
    Integer pauseAfter = number % 3 == 0 ? 1 : null;
    Rollout rollout =
        new Rollout(null, null, List.of(1, 2), pauseAfter, number % 4 == 0 ? "10s" : null, "60%");
    TenantMigrationRunSpec spec = RunSpecs.spec(rollout, new Tenants(null, null, null));
    return number % 5 == 0
        ? RunSpecs.with(spec, Mode.Plan, spec.execution(), spec.compatibility(), spec.runner())
        : spec;
  }

  private void live(SimulatedRun run) {
    for (int i = 0; i < LENGTH; i++) {
      if (run.status().phase() != null) {
        happen(run);
      }
      String before = phase(run);
      run.step();
      String after = phase(run);
      if (!before.equals(after)) {
        seen.add(before + " --> " + after);
      }
    }
  }

  private static String phase(SimulatedRun run) {
    return Optional.ofNullable(run.status().phase()).map(Enum::name).orElse(NOWHERE);
  }

  private void happen(SimulatedRun run) {
    switch (random.nextInt(24)) {
      case 0 -> run.suspend(true);
      case 1, 2, 3 -> run.suspend(false);
      case 4 -> run.abort();
      case 5, 6 -> run.resumeIfAllowed();
      case 7 -> run.promote();
      case 8 -> run.rivals(List.of(somebodyWithTheTurn()));
      case 9, 10 -> run.rivals(List.of());
      case 11 -> run.wait(Duration.ofMinutes(1));
      case 12 -> run.endInspection(Progress.FAILED, null);
      case 13 -> cohortEnds(run, TenantReason.ConstraintViolation);
      default -> {
        run.inspected();
        cohortEnds(run, null);
      }
    }
  }

  private static RivalRun somebodyWithTheTurn() {
    return new RivalRun(
        "v111", SimulatedRun.START, true, true, new Tenants(null, null, null), Optional.empty());
  }

  /** Sometimes one tenant of two fails, which a cohort of one does not survive. */
  private static void cohortEnds(SimulatedRun run, TenantReason failure) {
    if (run.jobs().live().stream().noneMatch(job -> job.name().contains("-c0"))) {
      return;
    }
    List<String> members =
        run.runningAssignment().tenants().stream().map(Assignment.Member::name).toList();
    if (run.runningAssignment().mode() == Mode.Plan) {
      members.forEach(
          name -> {
            if (failure == null) {
              run.report(name, 1);
            } else {
              run.report(name, 1, TenantReason.ChecksumMismatch);
            }
          });
      run.jobs().end(Progress.COMPLETE);
    } else {
      run.cohortEnds(failure == null ? Map.of() : Map.of(members.get(0), failure));
    }
  }
}
