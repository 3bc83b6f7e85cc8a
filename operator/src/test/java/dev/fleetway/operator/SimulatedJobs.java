package dev.fleetway.operator;

import dev.fleetway.api.pod.TerminationMessage;
import dev.fleetway.operator.model.JobState;
import dev.fleetway.operator.model.JobState.Progress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The Jobs of a {@link SimulatedRun}, and how they end. */
public final class SimulatedJobs {
  private final Map<String, JobState> byName = new LinkedHashMap<>();
  private final List<String> created = new ArrayList<>();

  public List<JobState> all() {
    return List.copyOf(byName.values());
  }

  public boolean has(String name) {
    return byName.containsKey(name);
  }

  public void delete(String name) {
    byName.remove(name);
  }

  /** The operator died before it created the last one; says which. */
  public String forgetLast() {
    String last = created.remove(created.size() - 1);
    byName.remove(last);
    return last;
  }

  public void create(String name) {
    if (byName.containsKey(name)) {
      return;
    }
    created.add(name);
    byName.put(
        name,
        new JobState(
            name,
            Progress.ACTIVE,
            Optional.empty(),
            Optional.empty(),
            false,
            Optional.empty(),
            Optional.empty()));
  }

  public void end(Progress progress) {
    change(running(), job -> with(job, progress, job.endedBy(), job.lastWord()));
  }

  public void end(Progress progress, TerminationMessage lastWord) {
    change(running(), job -> with(job, progress, job.endedBy(), Optional.of(lastWord)));
  }

  public List<JobState> live() {
    return byName.values().stream().filter(JobState::isLive).toList();
  }

  public void endLive(Progress progress) {
    if (!live().isEmpty()) {
      end(progress);
    }
  }

  /** Somebody cleans up. */
  public void endedOnesVanish() {
    byName.values().removeIf(JobState::isTerminal);
  }

  /** The Job ends as Failed, for this reason, and its pod leaves no word. */
  public void fail(String failure) {
    change(
        running(),
        job ->
            new JobState(
                job.name(),
                Progress.FAILED,
                job.endedBy(),
                Optional.of(failure),
                false,
                Optional.empty(),
                Optional.empty()));
  }

  public void troubled(JobState.StartTrouble trouble) {
    byName.replaceAll((name, job) -> job.isLive() ? job.withTrouble(Optional.of(trouble)) : job);
  }

  public void untroubled() {
    byName.replaceAll((name, job) -> job.withTrouble(Optional.empty()));
  }

  /** A Job that has ended, and whose pods still say why. */
  public void troubledInTheEnd(JobState.StartTrouble trouble) {
    byName.replaceAll((name, job) -> job.isLive() ? job : job.withTrouble(Optional.of(trouble)));
  }

  public void deleteRunning() {
    byName.remove(running());
  }

  public String running() {
    return byName.values().stream()
        .filter(job -> job.name().matches(".*-c\\d+-a.*") && job.isLive())
        .map(JobState::name)
        .reduce((first, second) -> second)
        .orElseThrow();
  }

  public void change(String name, UnaryOperator<JobState> change) {
    byName.computeIfPresent(name, (key, job) -> change.apply(job));
  }

  public static JobState with(
      JobState job,
      Progress progress,
      Optional<String> endedBy,
      Optional<TerminationMessage> lastWord) {
    return new JobState(
        job.name(),
        progress,
        endedBy,
        progress == Progress.FAILED ? Optional.of("DeadlineExceeded: too late") : Optional.empty(),
        lastWord.isPresent(),
        lastWord,
        job.trouble());
  }

  public List<String> created() {
    return created;
  }
}
