package dev.fleetway.runner.outcome;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fleetway.api.pod.Assignment;
import dev.fleetway.api.v1alpha1.Condition;
import dev.fleetway.api.v1alpha1.Tenant;
import dev.fleetway.api.v1alpha1.TenantStatus;
import dev.fleetway.api.v1alpha1.TenantStatus.LastPlan;
import dev.fleetway.api.v1alpha1.TenantStatus.LastRun;
import dev.fleetway.api.v1alpha1.TenantStatus.Problem;
import dev.fleetway.runner.database.TenantPlan;
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

  /** How many items the API server accepts in a list. */
  private static final int LISTED = 20;

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
        result.tries(),
        result.startTime().truncatedTo(ChronoUnit.MILLIS).toString(),
        result.duration().toMillis(),
        result.migrations().isEmpty() ? null : result.migrations(),
        result.realigned().isEmpty() ? null : result.realigned());
  }

  /** What the plan says about the tenant in this run; a part of it where it is long. */
  public static LastPlan lastPlan(Assignment run, TenantPlan plan) {
    return new LastPlan(
        run.run(),
        run.runUid(),
        run.attempt(),
        run.cohort(),
        plan.time().truncatedTo(ChronoUnit.MILLIS).toString(),
        plan.currentVersion().orElse(null),
        plan.pending().map(List::size).orElse(null),
        plan.pending().stream().flatMap(List::stream).limit(LISTED).toList(),
        listed(plan.problems()));
  }

  /** The first of them; the last that has room says how many are left out. */
  private static List<Problem> listed(List<Problem> problems) {
    List<Problem> listed = new ArrayList<>();
    for (Problem problem : problems.subList(0, Math.min(LISTED, problems.size()))) {
      int leftOut = listed.size() == LISTED - 1 ? problems.size() - LISTED : 0;
      String more = leftOut > 0 ? ". " + leftOut + " more problems are not listed" : "";
      listed.add(
          new Problem(problem.reason(), problem.version(), shortened(problem.message()) + more));
    }
    return listed;
  }

  /**
   * The patch.
   *
   * @param tenant as last read; decides what is replaced, and what stays
   * @param uid the uid that was planned
   */
  public static String of(
      Tenant tenant, String uid, LastRun lastRun, TenantResult result, Instant now) {
    ArrayNode patch = guarded(tenant, uid);
    add(patch, "/status/lastRun", lastRun);
    add(patch, "/status/conditions", conditions(tenant, lastRun, now));
    result
        .state()
        .ifPresent(state -> addState(patch, Optional.ofNullable(tenant.getStatus()), state));
    return text(patch);
  }

  /** The patch of a plan: a plan changes nothing, and so nothing else in the status either. */
  public static String of(Tenant tenant, String uid, LastPlan lastPlan) {
    ArrayNode patch = guarded(tenant, uid);
    add(patch, "/status/lastPlan", lastPlan);
    return text(patch);
  }

  private static String text(ArrayNode patch) {
    try {
      return JSON.writeValueAsString(patch);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A patch that applies to this very tenant and version of it only. */
  private static ArrayNode guarded(Tenant tenant, String uid) {
    ArrayNode patch = JSON.createArrayNode();
    patch.add(operation("test", "/metadata/uid").put("value", uid));
    // What appeared since the tenant was read would be lost, the final outcome of another pod among
    // it: only this very version of the object will do.
    patch.add(
        operation("test", "/metadata/resourceVersion")
            .put("value", tenant.getMetadata().getResourceVersion()));
    if (tenant.getStatus() == null) {
      patch.add(operation("add", "/status").set("value", JSON.createObjectNode()));
    }
    return patch;
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
    return new Condition(
            READY,
            Condition.Status.of(lastRun.outcome().isSuccess()),
            tenant.getMetadata().getGeneration(),
            now.truncatedTo(ChronoUnit.SECONDS).toString(),
            lastRun.reason() == null ? lastRun.outcome().name() : lastRun.reason().name(),
            message(lastRun))
        .mergedInto(old);
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
