package dev.fleetway.runner.outcome;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fleetway.api.pod.Assignment;
import dev.fleetway.api.v1alpha1.Condition;
import dev.fleetway.api.v1alpha1.Tenant;
import dev.fleetway.api.v1alpha1.TenantStatus;
import dev.fleetway.api.v1alpha1.TenantStatus.LastRun;
import dev.fleetway.runner.database.TenantResult;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.semver4j.Semver;

/** One outcome as a JSON patch on {@code tenants/status}. Pure. */
public final class StatusPatch {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String READY = "Ready";

  /** What the API server accepts in a message, with room to spare. */
  private static final int LONGEST_MESSAGE = 1024;

  private StatusPatch() {}

  /** What the result says about the tenant in this run. */
  public static LastRun lastRun(Assignment run, TenantResult result) {
    return new LastRun(
        run.run(),
        run.runUid(),
        run.attempt(),
        run.cohort(),
        result.outcome(),
        result.reason(),
        result.message() == null ? null : shortened(result.message()),
        result.sqlState(),
        result.failedVersion(),
        result.fromVersion(),
        result.state().map(TenantResult.SchemaState::version).orElse(null),
        1,
        result.startTime().truncatedTo(ChronoUnit.MILLIS).toString(),
        result.duration().toMillis(),
        result.migrations().isEmpty() ? null : result.migrations(),
        null);
  }

  /**
   * The patch.
   *
   * @param tenant as last read; decides what is replaced, and what stays
   * @param uid the uid that was planned
   */
  public static String of(
      Tenant tenant, String uid, LastRun lastRun, TenantResult result, Instant now) {
    ArrayNode patch = JSON.createArrayNode();
    patch.add(operation("test", "/metadata/uid").put("value", uid));
    // What appeared since the tenant was read would be lost, the final outcome of another pod among
    // it: only this very version of the object will do.
    patch.add(
        operation("test", "/metadata/resourceVersion")
            .put("value", tenant.getMetadata().getResourceVersion()));
    TenantStatus status = tenant.getStatus();
    if (status == null) {
      patch.add(operation("add", "/status").set("value", JSON.createObjectNode()));
    }
    add(patch, "/status/lastRun", lastRun);
    add(patch, "/status/conditions", conditions(tenant, lastRun, now));
    result.state().ifPresent(state -> addState(patch, Optional.ofNullable(status), state));
    try {
      return JSON.writeValueAsString(patch);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void addState(
      ArrayNode patch, Optional<TenantStatus> status, TenantResult.SchemaState state) {
    if (state.version() != null) {
      add(patch, "/status/schemaVersion", state.version());
    } else if (status.map(TenantStatus::schemaVersion).isPresent()) {
      patch.add(operation("remove", "/status/schemaVersion"));
    }
    Optional<String> stored = status.map(TenantStatus::minCompatibleCodeVersion);
    Optional<String> floor =
        state.wasNew()
            ? Optional.ofNullable(state.minCompatibleCodeVersion())
            : higher(stored, Optional.ofNullable(state.minCompatibleCodeVersion()));
    if (floor.isPresent()) {
      add(patch, "/status/minCompatibleCodeVersion", floor.get());
    } else if (stored.isPresent()) {
      patch.add(operation("remove", "/status/minCompatibleCodeVersion"));
    }
  }

  private static Optional<String> higher(Optional<String> stored, Optional<String> declared) {
    if (stored.isEmpty() || !Semver.isValid(stored.get())) {
      return declared;
    }
    return declared.isPresent() && new Semver(declared.get()).isGreaterThan(stored.get())
        ? declared
        : stored;
  }

  private static List<Condition> conditions(Tenant tenant, LastRun lastRun, Instant now) {
    List<Condition> old =
        Optional.ofNullable(tenant.getStatus()).map(TenantStatus::conditions).orElse(List.of());
    Condition.Status status = Condition.Status.of(lastRun.outcome().isSuccess());
    String transition =
        old.stream()
            .filter(condition -> condition.type().equals(READY) && condition.status() == status)
            .map(Condition::lastTransitionTime)
            .findFirst()
            .orElse(now.truncatedTo(ChronoUnit.SECONDS).toString());
    Condition ready =
        new Condition(
            READY,
            status,
            tenant.getMetadata().getGeneration(),
            transition,
            lastRun.reason() == null ? lastRun.outcome().name() : lastRun.reason().name(),
            message(lastRun));
    List<Condition> conditions = new ArrayList<>();
    old.stream().filter(condition -> !condition.type().equals(READY)).forEach(conditions::add);
    conditions.add(ready);
    return conditions;
  }

  private static String message(LastRun lastRun) {
    if (lastRun.reason() == null) {
      return "at version " + Objects.requireNonNullElse(lastRun.toVersion(), "none");
    }
    String what = lastRun.message() == null ? "" : lastRun.message() + ". ";
    return what + lastRun.reason().hint();
  }

  private static String shortened(String message) {
    return message.length() <= LONGEST_MESSAGE
        ? message
        : message.substring(0, LONGEST_MESSAGE - 2) + " …";
  }

  /** {@code add} replaces a member that exists, and works when there is none. */
  private static void add(ArrayNode patch, String path, Object value) {
    patch.add(operation("add", path).set("value", JSON.valueToTree(value)));
  }

  private static ObjectNode operation(String name, String path) {
    return JSON.createObjectNode().put("op", name).put("path", path);
  }
}
