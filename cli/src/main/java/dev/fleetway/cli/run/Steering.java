package dev.fleetway.cli.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fleetway.api.v1alpha1.Condition;
import dev.fleetway.api.v1alpha1.TenantMigrationRun;
import dev.fleetway.api.v1alpha1.TenantMigrationRunSpec;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.Phase;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** What a person's wish means for a run as it stands: a change of its spec, or why not. Pure. */
final class Steering {
  private final String name;
  private final TenantMigrationRunSpec spec;
  private final TenantMigrationRunStatus status;
  private final Phase phase;

  /** The answer to a wish. */
  sealed interface Verdict {}

  /**
   * A change.
   *
   * @param question what a person is asked before
   * @param spec the merge patch of the spec
   * @param onlyAsSeen refuse it when the run has changed since it was read
   * @param done what is said after
   */
  record Change(String question, ObjectNode spec, boolean onlyAsSeen, String done)
      implements Verdict {}

  /** There is nothing to do, and why. */
  record Refusal(String why) implements Verdict {}

  Steering(TenantMigrationRun run) {
    this.name = run.getMetadata().getName();
    this.spec = run.getSpec();
    this.status = Objects.requireNonNullElseGet(run.getStatus(), TenantMigrationRunStatus::empty);
    this.phase = Objects.requireNonNullElse(status.phase(), Phase.Pending);
  }

  /** Start no further cohort. */
  Verdict suspend() {
    if (phase.isEnded()) {
      return ended("suspend");
    }
    if (spec.suspend()) {
      return new Refusal(name + " is suspended already. To go on: fleetway resume " + name);
    }
    return new Change(
        "Suspend " + name + "? The cohort at work finishes, no further one starts.",
        flag("suspend", true),
        false,
        name + " starts no further cohort. To go on: fleetway resume " + name);
  }

  /** What the phase needs to go on. */
  Verdict resume(Map<String, JsonNode> settings) {
    if (phase == Phase.Aborted) {
      return nextAttempt("Resume", settings);
    }
    if (phase == Phase.CompletedWithFailures) {
      return new Refusal(
          name
              + " went through, with failures. To run those tenants again: fleetway retry "
              + name);
    }
    if (phase.isEnded()) {
      return ended("resume");
    }
    if (!settings.isEmpty()) {
      return new Refusal(
          "--set goes with a new attempt, and " + name + " is " + phase + ": abort it first");
    }
    if (spec.suspend()) {
      return new Change(
          "Resume " + name + "? The next cohort starts.",
          flag("suspend", false),
          false,
          name + " goes on. To watch it: fleetway status " + name);
    }
    if (awaitsPromotion()) {
      return new Refusal(
          name + " awaits promotion after its first cohorts: fleetway promote " + name);
    }
    return new Refusal(
        phase == Phase.Suspended
            ? name + " goes on already: fleetway status " + name
            : name + " is " + phase + " and not suspended: there is nothing to resume");
  }

  /** Run the failed tenants of a run that went through again. */
  Verdict retry(Map<String, JsonNode> settings) {
    if (phase == Phase.CompletedWithFailures) {
      return nextAttempt("Retry", settings);
    }
    if (phase == Phase.Aborted) {
      return new Refusal(name + " is aborted. To go on where it stopped: fleetway resume " + name);
    }
    return phase.isEnded()
        ? ended("retry")
        : new Refusal(name + " is " + phase + ": failed tenants can run again once it ended");
  }

  /** Go on after the first cohorts. */
  Verdict promote() {
    if (phase.isEnded()) {
      return ended("promote");
    }
    if (spec.rollout().pauseAfter() == null) {
      return new Refusal(name + " has no rollout.pauseAfter: it never waits for promotion");
    }
    if (spec.promote()) {
      return new Refusal(name + " is promoted already");
    }
    return new Change(
        "Promote " + name + "? It goes on after cohort " + spec.rollout().pauseAfter() + ".",
        flag("promote", true),
        false,
        name
            + (awaitsPromotion() ? " goes on" : " will not wait for promotion")
            + ". To watch it: fleetway status "
            + name);
  }

  /** Stop. */
  Verdict abort() {
    if (phase.isEnded()) {
      return ended("abort");
    }
    if (spec.abort()) {
      return new Refusal(name + " is being aborted already: fleetway wait " + name);
    }
    return new Change(
        "Abort " + name + "? Tenants at work are drained, nothing new starts.",
        flag("abort", true),
        false,
        name + " stops. To go on later: fleetway resume " + name);
  }

  private Verdict nextAttempt(String verb, Map<String, JsonNode> settings) {
    if (!Objects.equals(status.attempt(), spec.attempt())) {
      return new Refusal(
          "attempt "
              + spec.attempt()
              + " of "
              + name
              + " was asked for already: fleetway wait "
              + name);
    }
    int attempt = spec.attempt() + 1;
    ObjectNode change = JsonNodeFactory.instance.objectNode();
    change.put("attempt", attempt);
    change.put("abort", false);
    if (spec.suspend()) {
      change.put("suspend", false);
    }
    settings.forEach((path, value) -> Settings.put(change, path, value));
    String what = phase == Phase.Aborted ? goesOn() : "the failed tenants run again";
    return new Change(
        verb + " " + name + "? Attempt " + attempt + ": " + what + ".",
        change,
        true,
        name + ", attempt " + attempt + ": " + what + ". To watch it: fleetway status " + name);
  }

  private String goesOn() {
    int next = Objects.requireNonNullElse(status.lastClosedCohort(), 0) + 1;
    return "it goes on with cohort " + next;
  }

  private Refusal ended(String verb) {
    return new Refusal(
        name
            + " has ended ("
            + phase
            + "): there is nothing to "
            + verb
            + (phase == Phase.Aborted
                ? ". To go on where it stopped: fleetway resume " + name
                : ""));
  }

  private boolean awaitsPromotion() {
    return Optional.ofNullable(status.condition("Ready"))
        .map(Condition::reason)
        .filter("AwaitingPromotion"::equals)
        .isPresent();
  }

  private static ObjectNode flag(String field, boolean value) {
    return JsonNodeFactory.instance.objectNode().put(field, value);
  }
}
