package dev.fleetway.e2e.faults;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Looks at a run twice a second and notes when it says something new. An API server that does not
 * answer is asked again.
 */
final class RunWatch implements AutoCloseable {
  private static final Set<String> ENDED =
      Set.of("Succeeded", "CompletedWithFailures", "Planned", "Aborted");

  /** Something new, and when it was first seen. */
  record Sighting(Instant time, String phase, String reason, String message) {}

  private final String objects;
  private final String name;
  private final ApiProxy api;
  private final ScheduledExecutorService looks = Executors.newSingleThreadScheduledExecutor();
  private final ScheduledFuture<?> looking;
  private final List<Sighting> sightings = new ArrayList<>();
  private JsonNode newest = MissingNode.getInstance();

  RunWatch(ApiProxy api, String namespace, String name) {
    this.objects = "/apis/fleetway.dev/v1alpha1/namespaces/" + namespace;
    this.name = name;
    this.api = api;
    this.looking = looks.scheduleWithFixedDelay(this::look, 0, 500, TimeUnit.MILLISECONDS);
  }

  private void look() {
    api.get(objects + "/tenantmigrationruns/" + name)
        .map(run -> run.path("status"))
        .ifPresent(this::note);
  }

  private synchronized void note(JsonNode status) {
    newest = status;
    JsonNode ready =
        stream(status.path("conditions"))
            .filter(condition -> condition.path("type").asText().equals("Ready"))
            .findFirst()
            .orElse(MissingNode.getInstance());
    Sighting seen =
        new Sighting(
            Instant.now(),
            status.path("phase").asText(),
            ready.path("reason").asText(),
            ready.path("message").asText());
    Sighting last = sightings.isEmpty() ? null : sightings.get(sightings.size() - 1);
    if (last == null
        || !last.phase().equals(seen.phase())
        || !last.reason().equals(seen.reason())) {
      sightings.add(seen);
    }
  }

  synchronized List<Sighting> sightings() {
    return List.copyOf(sightings);
  }

  /** The status as it was last seen. */
  synchronized JsonNode newest() {
    return newest;
  }

  /** The phase of an attempt that has ended; empty while it goes on. */
  Optional<String> endOf(int attempt) {
    JsonNode status = newest();
    return Optional.of(status.path("phase").asText())
        .filter(phase -> ENDED.contains(phase) && status.path("attempt").asInt() == attempt);
  }

  /** Until the run has said this, at least once. */
  void awaitReason(String reason, Duration atMost) {
    await("the run says " + reason)
        .atMost(atMost)
        .pollInterval(Duration.ofMillis(200))
        .until(() -> sightings().stream().anyMatch(seen -> seen.reason().equals(reason)));
  }

  /** Until a cohort is in the middle: two tenants have an outcome, most have none. */
  void awaitWorkIn(int cohort, int attempt) {
    await("cohort " + cohort + " at work")
        .atMost(Duration.ofMinutes(2))
        .pollInterval(Duration.ofMillis(200))
        .until(() -> outcomes(cohort, attempt) >= 2);
  }

  private long outcomes(int cohort, int attempt) {
    return api.get(objects + "/tenants").stream()
        .flatMap(list -> stream(list.path("items")))
        .map(tenant -> tenant.at("/status/lastRun"))
        .filter(last -> last.path("name").asText().equals(name))
        .filter(last -> last.path("cohort").asInt() == cohort)
        .filter(last -> last.path("attempt").asInt() == attempt)
        .count();
  }

  private static Stream<JsonNode> stream(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false);
  }

  @Override
  public void close() {
    looking.cancel(true);
    looks.shutdownNow();
  }
}
