package dev.fleetway.runner.database;

import dev.fleetway.api.v1alpha1.TenantReason;
import dev.fleetway.api.v1alpha1.TenantStatus.Outcome;
import dev.fleetway.api.v1alpha1.TenantStatus.Problem;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a run would find in a tenant. Nothing was written to learn it.
 *
 * @param currentVersion highest applied version; empty for none, and when it could not be read
 * @param pending names of the migrations that a run would apply, oldest first; empty when it could
 *     not be read
 * @param problems what would make a run fail
 * @param time when the look began
 * @param duration how long it took
 */
public record TenantPlan(
    Optional<String> currentVersion,
    Optional<List<String>> pending,
    List<Problem> problems,
    Instant time,
    Duration duration)
    implements TenantReport {
  public TenantPlan {
    pending = pending.map(List::copyOf);
    problems = List.copyOf(problems);
  }

  /** As a run in mode Apply would most likely end. */
  @Override
  public Outcome outcome() {
    return outcome(problems, pending.map(List::size).orElse(0));
  }

  @Override
  public TenantReason reason() {
    return problems.stream().findFirst().map(Problem::reason).orElse(null);
  }

  @Override
  public String message() {
    return problems.stream().findFirst().map(Problem::message).orElse(null);
  }

  /** None: a problem says in words what the server said. */
  @Override
  public String sqlState() {
    return null;
  }

  /** {@link #outcome()} from what a Tenant's status keeps of it. */
  public static Outcome outcome(List<Problem> problems, int pending) {
    if (!problems.isEmpty()) {
      return Outcome.Failed;
    }
    return pending > 0 ? Outcome.Succeeded : Outcome.AlreadyCurrent;
  }
}
