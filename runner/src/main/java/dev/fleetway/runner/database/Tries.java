package dev.fleetway.runner.database;

import dev.failsafe.Execution;
import dev.failsafe.RetryPolicy;
import dev.failsafe.RetryPolicyBuilder;
import dev.fleetway.api.v1alpha1.TenantReason;
import dev.fleetway.api.v1alpha1.TenantStatus.Outcome;
import dev.fleetway.runner.database.session.StopSwitch;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Tries a tenant again as long as its failure may pass by itself. Two budgets, as DESIGN §5 has it:
 * a transient failure of SQL so many times, a connection that cannot be made until the tenant's
 * time is over. Failsafe counts and spaces them; the waiting is {@link StopSwitch}'s, so that a
 * deadline or the pod's end cuts it short.
 */
public final class Tries<R extends TenantReport> {
  /**
   * Said before each wait for a further try.
   *
   * @param failed how the last try ended
   * @param tries how many there have been, from 1
   * @param delay when the next one begins
   */
  public record Retry(TenantReport failed, int tries, Duration delay) {}

  /** How a failure may pass. */
  enum Kind {
    /** Only by a hand. */
    PERMANENT,
    /** Soon: another session holds a lock, or the server went away under the statement. */
    TRANSIENT,
    /** When the server, or the way to it, is back. */
    CONNECTION
  }

  private static final Set<String> TRANSIENT_STATES =
      Set.of("55P03", "40001", "40P01", "57P01", "57P02", "57P03", "53300");
  private static final Set<TenantReason> CONNECTION_REASONS =
      Set.of(
          TenantReason.ConnectionRefused, TenantReason.ConnectionTimeout, TenantReason.HostUnknown);

  /** The time that a last try must at least have to be worth a wait. */
  private static final Duration SHORTEST_TRY = Duration.ofSeconds(1);

  private final Execution<TenantReport> transients;
  private final Execution<TenantReport> connections;
  private final StopSwitch stop;
  private final Supplier<Duration> remaining;
  private final Consumer<Retry> onRetry;

  /**
   * @param retries how often a transient failure is tried again
   * @param remaining what is left of the tenant's time; negative when it is over
   */
  Tries(int retries, StopSwitch stop, Supplier<Duration> remaining, Consumer<Retry> onRetry) {
    this.transients = Execution.of(policy(Duration.ofSeconds(1)).withMaxRetries(retries).build());
    this.connections = Execution.of(policy(Duration.ofMillis(500)).withMaxRetries(-1).build());
    this.stop = stop;
    this.remaining = remaining;
    this.onRetry = onRetry;
  }

  /** With its jitter a delay stays below 15 seconds. */
  private static RetryPolicyBuilder<TenantReport> policy(Duration first) {
    return RetryPolicy.<TenantReport>builder()
        .handleResultIf(result -> true)
        .withBackoff(first, Duration.ofSeconds(12))
        .withJitter(0.2);
  }

  /** The last try's result; empty when the pod's end stopped it, or forbade a further try. */
  Optional<R> run(Supplier<Optional<R>> oneTry) {
    for (int tries = 1; ; tries++) {
      Optional<R> result = oneTry.get();
      if (result.isEmpty()) {
        return result;
      }
      Optional<Duration> delay = delay(result.get());
      if (delay.isEmpty()) {
        return result;
      }
      if (!stop.isDrained()) {
        onRetry.accept(new Retry(result.get(), tries, delay.get()));
      }
      if (!stop.pause(delay.get())) {
        // At the deadline the failure stands; a pod that must go leaves the tenant to the next one.
        return stop.cause().equals(Optional.of(StopSwitch.Cause.TIMEOUT))
            ? result
            : Optional.empty();
      }
    }
  }

  private Optional<Duration> delay(TenantReport result) {
    Kind kind = kind(result);
    if (kind == Kind.PERMANENT) {
      return Optional.empty();
    }
    Execution<TenantReport> budget = kind == Kind.TRANSIENT ? transients : connections;
    budget.recordResult(result);
    Duration longest = remaining.get().minus(SHORTEST_TRY);
    if (budget.isComplete() || longest.isNegative()) {
      return Optional.empty();
    }
    return Optional.of(longest.compareTo(budget.getDelay()) < 0 ? longest : budget.getDelay());
  }

  static Kind kind(TenantReport result) {
    return result.outcome() == Outcome.Failed
        ? kind(result.reason(), result.sqlState())
        : Kind.PERMANENT;
  }

  /**
   * The server's own word counts first: one that is starting up answers, and counts as transient.
   */
  static Kind kind(TenantReason reason, String sqlState) {
    if (reason == TenantReason.TenantTimeout) {
      return Kind.PERMANENT;
    }
    if (sqlState != null && TRANSIENT_STATES.contains(sqlState)) {
      return Kind.TRANSIENT;
    }
    if (reason == TenantReason.TooManyConnections) {
      return Kind.TRANSIENT;
    }
    return CONNECTION_REASONS.contains(reason) ? Kind.CONNECTION : Kind.PERMANENT;
  }
}
