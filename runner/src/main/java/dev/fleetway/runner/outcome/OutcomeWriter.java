package dev.fleetway.runner.outcome;

import dev.failsafe.Failsafe;
import dev.failsafe.RetryPolicy;
import dev.fleetway.api.pod.Assignment;
import dev.fleetway.api.v1alpha1.Tenant;
import dev.fleetway.runner.database.TenantPlan;
import dev.fleetway.runner.database.TenantReport;
import dev.fleetway.runner.database.TenantResult;
import dev.fleetway.runner.outcome.TenantApi.ApiException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes outcomes beside the work. When the API server is slower than the tenants the queue fills,
 * and the workers write themselves: the pod slows down instead of filling its memory.
 */
public final class OutcomeWriter {
  private static final Logger LOG = LoggerFactory.getLogger(OutcomeWriter.class);
  private static final int WRITERS = 3;
  private static final int QUEUE = 64;

  private final TenantApi api;
  private final Assignment run;
  private final Clock clock;
  private final RetryPolicy<Object> retries;
  private final AtomicInteger lost = new AtomicInteger();
  private final ThreadPoolExecutor writers =
      new ThreadPoolExecutor(
          WRITERS,
          WRITERS,
          0,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(QUEUE),
          new ThreadPoolExecutor.CallerRunsPolicy());

  /**
   * @param patience how long one request is repeated while the API server fails
   */
  public OutcomeWriter(TenantApi api, Assignment run, Clock clock, Duration patience) {
    this.api = api;
    this.run = run;
    this.clock = clock;
    this.retries = retries(patience);
  }

  /** Repeats what the API server may answer better the next time. */
  public static RetryPolicy<Object> retries(Duration patience) {
    return RetryPolicy.builder()
        .handleIf(thrown -> thrown instanceof ApiException api && api.isTransient())
        .withBackoff(Duration.ofMillis(200), Duration.ofSeconds(5))
        .withJitter(0.2)
        .withMaxRetries(-1)
        .withMaxDuration(patience)
        .build();
  }

  /** Hands an outcome over; {@code written} runs once it is recorded. */
  public void submit(
      Assignment.Member member, Tenant tenant, TenantReport report, Runnable written) {
    writers.execute(
        () -> {
          try {
            write(member, tenant, report, written);
          } catch (RuntimeException e) {
            lost.incrementAndGet();
            LOG.atError()
                .addKeyValue("tenant", member.name())
                .addKeyValue("error", e.getMessage())
                .log("outcome not written");
          }
        });
  }

  /** Waits until everything that was handed over is written or lost. False when time ran out. */
  public boolean flush(Duration atMost) throws InterruptedException {
    writers.shutdown();
    return writers.awaitTermination(atMost.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Outcomes that could not be written. */
  public int lost() {
    return lost.get();
  }

  private void write(Assignment.Member member, Tenant read, TenantReport report, Runnable written) {
    Tenant tenant = read;
    for (int tries = 0; ; tries++) {
      try {
        patch(tenant, member, report);
        written.run();
        return;
      } catch (ApiException e) {
        if (tries >= 3 || !(e.isGone() || e.isRefused())) {
          throw e;
        }
        Optional<Tenant> now = Failsafe.with(retries).get(() -> api.find(member.name()));
        Evidence evidence = Evidence.of(now, member, run);
        if (evidence != Evidence.NONE) {
          // Final: an answer got lost after the write. Otherwise the operator decides.
          LOG.atInfo()
              .addKeyValue("tenant", member.name())
              .addKeyValue("evidence", evidence)
              .log("outcome dropped");
          written.run();
          return;
        }
        tenant = now.orElseThrow();
      }
    }
  }

  private void patch(Tenant tenant, Assignment.Member member, TenantReport report) {
    String patch = patchOf(tenant, member, report);
    Failsafe.with(retries).run(() -> api.patchStatus(member.name(), patch));
  }

  private String patchOf(Tenant tenant, Assignment.Member member, TenantReport report) {
    if (report instanceof TenantPlan plan) {
      return StatusPatch.of(tenant, member.uid(), StatusPatch.lastPlan(run, plan));
    }
    TenantResult result = (TenantResult) report;
    return StatusPatch.of(
        tenant, member.uid(), StatusPatch.lastRun(run, result), result, clock.instant());
  }
}
