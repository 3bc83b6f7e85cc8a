package dev.fleetway.runner.work;

import dev.failsafe.Failsafe;
import dev.failsafe.RetryPolicy;
import dev.fleetway.api.pod.Assignment;
import dev.fleetway.api.pod.PodContract;
import dev.fleetway.api.pod.TerminationMessage.PodError;
import dev.fleetway.api.pod.TerminationMessage.RunSummary;
import dev.fleetway.api.v1alpha1.Tenant;
import dev.fleetway.api.v1alpha1.TenantMigrationRunSpec.Mode;
import dev.fleetway.api.v1alpha1.TenantReason;
import dev.fleetway.api.v1alpha1.TenantStatus.Outcome;
import dev.fleetway.runner.database.TenantReport;
import dev.fleetway.runner.database.TenantWork;
import dev.fleetway.runner.database.session.StopSwitch;
import dev.fleetway.runner.outcome.Evidence;
import dev.fleetway.runner.outcome.OutcomeWriter;
import dev.fleetway.runner.outcome.TenantApi;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * Works through an assignment: takes over what is final, migrates the rest, counts, stops. All
 * records are read before the first tenant starts: a pod that was started again must not find out
 * only in the middle of its work that so many had failed that nobody may start.
 */
public final class CohortRun {
  private static final int LISTED = 64;

  /** Kubernetes starts the pod again, which takes over what is recorded. */
  private static final int EXIT_RESTART = 1;

  /** How long a tenant's record is worth as much as one that is read now. */
  private static final Duration FRESH = Duration.ofSeconds(10);

  private final Assignment assignment;
  private final TenantApi api;
  private final Clock clock;
  private final TenantWork work;
  private final ScheduledExecutorService timer;
  private final OutcomeWriter writer;
  private final RetryPolicy<Object> reads;
  private final RunLog log;
  private final Tally tally;
  private final InFlight inFlight = new InFlight();
  private final AtomicBoolean draining = new AtomicBoolean();
  private final AtomicInteger broken = new AtomicInteger();
  private final Map<String, Looked> looks = new ConcurrentHashMap<>();
  private volatile Workers workers;

  /** A tenant without evidence, as it was at that time. */
  private record Looked(Tenant tenant, Instant time) {}

  /** Why no tenant of this run may be touched any more, whatever the threshold; null for no why. */
  private final AtomicReference<PodError> halt = new AtomicReference<>();

  /** Tenants that need nothing more from this pod: their outcome is recorded, or they are gone. */
  private final Set<String> settled = ConcurrentHashMap.newKeySet();

  /** Tenants whose record could not be read: each may be one that failed, and counts as such. */
  private final Set<String> unread = ConcurrentHashMap.newKeySet();

  /**
   * @param patience how long a request to the API server is repeated
   */
  public CohortRun(
      Assignment assignment,
      TenantApi api,
      TenantWork work,
      ScheduledExecutorService timer,
      Clock clock,
      Duration patience) {
    this.assignment = assignment;
    this.api = api;
    this.clock = clock;
    this.work = work;
    this.timer = timer;
    this.writer = new OutcomeWriter(api, assignment, clock, patience);
    this.reads = OutcomeWriter.retries(patience);
    this.log = new RunLog(assignment);
    this.tally = new Tally(threshold(assignment));
  }

  /** A plan shall find all problems, and so none of them ends it. */
  private static int threshold(Assignment assignment) {
    return assignment.mode() == Mode.Plan
        ? Integer.MAX_VALUE
        : assignment.limits().failureThreshold();
  }

  /** Works until there is nothing to start any more and all that was started has ended. */
  public int execute() throws InterruptedException {
    forEach(assignment.tenants(), Integer.MAX_VALUE, this::look);
    List<Assignment.Member> left =
        assignment.tenants().stream().filter(member -> !settled.contains(member.name())).toList();
    work.expect(left);
    forEach(left, assignment.limits().perServer(), this::handle);
    work.release();
    boolean flushed = writer.flush(Duration.ofMinutes(5));
    return exitCode(flushed);
  }

  /** Starts no further tenant, and none again that is waiting for its next try. */
  public void drain() {
    draining.set(true);
    Workers waiting = workers;
    if (waiting != null) {
      waiting.wake();
    }
    inFlight.drainAll();
    work.release();
  }

  /** Cancels the tenants in work; they get no outcome. */
  public void stop() {
    drain();
    inFlight.stopAll();
  }

  public RunSummary summary() {
    List<String> working = inFlight.names();
    int notStarted =
        (int)
            assignment.tenants().stream()
                .map(Assignment.Member::name)
                .filter(name -> !settled.contains(name) && !working.contains(name))
                .count();
    return new RunSummary(
        tally.of(Outcome.Succeeded),
        tally.of(Outcome.AlreadyCurrent),
        tally.of(Outcome.Failed),
        notStarted,
        working.stream().limit(LISTED).toList());
  }

  /** Why the run cannot go on in any pod; empty when it can. */
  public Optional<PodError> error() {
    return Optional.ofNullable(halt.get());
  }

  private int exitCode(boolean flushed) {
    boolean written = flushed && writer.lost() == 0 && broken.get() == 0;
    if (written && halt.get() != null) {
      return PodContract.EXIT_PERMANENT;
    }
    boolean complete =
        assignment.tenants().stream().map(Assignment.Member::name).allMatch(settled::contains);
    // Past the threshold only those that never began may be left without an outcome.
    boolean halted = tally.isThresholdReached(0) && inFlight.names().isEmpty();
    if (written && (complete || halted)) {
      return PodContract.EXIT_DONE;
    }
    return draining.get() ? PodContract.EXIT_INTERRUPTED : EXIT_RESTART;
  }

  private void forEach(
      List<Assignment.Member> members, int perServer, Consumer<Assignment.Member> step)
      throws InterruptedException {
    Workers started = new Workers(new Turns(members, perServer), this::mayStart, step);
    workers = started;
    started.run(Math.min(assignment.limits().concurrency(), members.size()));
  }

  private boolean mayStart() {
    return !draining.get() && halt.get() == null && !tally.isThresholdReached(unread.size());
  }

  /** The application is as old for every other tenant; a plan still looks at all of them. */
  private void haltIfIncompatible(TenantReason reason, String message) {
    if (assignment.mode() == Mode.Apply && reason == TenantReason.IncompatibleCodeVersion) {
      halt.compareAndSet(null, new PodError(reason.name(), message));
    }
  }

  private void look(Assignment.Member member) {
    try {
      Instant time = clock.instant();
      settle(member).ifPresent(tenant -> looks.put(member.name(), new Looked(tenant, time)));
    } catch (RuntimeException e) {
      unread.add(member.name());
      log.unread(member, e);
    }
  }

  private void handle(Assignment.Member member) {
    try {
      Optional<Tenant> tenant = lookedJustNow(member);
      (tenant.isPresent() ? tenant : settle(member)).ifPresent(found -> migrate(member, found));
    } catch (RuntimeException e) {
      // Without the API server's word the tenant stays as it is: the pod is started again.
      broken.incrementAndGet();
      log.broken(member, e);
    }
  }

  /**
   * What the look found, unless much may have happened since: the tenant's turn can be hours later.
   */
  private Optional<Tenant> lookedJustNow(Assignment.Member member) {
    Instant oldest = clock.instant().minus(FRESH);
    return Optional.ofNullable(looks.remove(member.name()))
        .filter(looked -> looked.time().isAfter(oldest))
        .map(Looked::tenant);
  }

  /** Takes over what the tenant's record says; what it says nothing about is returned. */
  private Optional<Tenant> settle(Assignment.Member member) {
    Optional<Tenant> found = Failsafe.with(reads).get(() -> api.find(member.name()));
    Evidence evidence = Evidence.of(found, member, assignment);
    switch (evidence) {
      case NONE -> {
        unread.remove(member.name());
        return found;
      }
      case FINAL -> takeOver(member, found.orElseThrow());
      case GONE, SUPERSEDED -> {
        settled.add(member.name());
        log.untouched(member, evidence);
      }
    }
    unread.remove(member.name());
    return Optional.empty();
  }

  private void takeOver(Assignment.Member member, Tenant tenant) {
    Evidence.Recorded recorded = Evidence.recorded(tenant, assignment).orElseThrow();
    tally.add(recorded.outcome());
    haltIfIncompatible(recorded.reason(), recorded.message());
    settled.add(member.name());
    log.takenOver(member, recorded);
  }

  private void migrate(Assignment.Member member, Tenant tenant) {
    StopSwitch stop = new StopSwitch(timer);
    inFlight.add(member.name(), stop);
    // Since the worker looked the API server may have taken its time. Looking again after the entry
    // leaves no gap: either this sees the drain, or the stop sees the entry.
    if (!mayStart()) {
      inFlight.remove(member.name());
      return;
    }
    log.started(member);
    Optional<? extends TenantReport> result =
        work.perform(member, stop, retry -> log.retried(member, retry));
    if (result.isEmpty()) {
      // It stays in flight: the last word names it.
      log.interrupted(member);
      return;
    }
    tally.add(result.get().outcome());
    haltIfIncompatible(result.get().reason(), result.get().message());
    log.ended(member, result.get());
    writer.submit(member, tenant, result.get(), () -> settled.add(member.name()));
    inFlight.remove(member.name());
  }
}
