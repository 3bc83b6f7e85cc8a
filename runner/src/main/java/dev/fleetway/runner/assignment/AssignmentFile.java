package dev.fleetway.runner.assignment;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fleetway.api.pod.Assignment;
import dev.fleetway.runner.pod.PermanentError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the assignment and keeps the tenants of one shard; what is missing in it is a permanent
 * error. A shard without tenants is none: there may be more shards than servers.
 */
public final class AssignmentFile {
  private static final ObjectMapper JSON = new ObjectMapper();

  private AssignmentFile() {}

  /**
   * The assignment of one pod.
   *
   * @param shard which shard of the cohort the pod is, from 0
   */
  public static Assignment read(Path file, int shard) {
    try {
      return narrowed(parse(Files.readString(file)), shard);
    } catch (IOException e) {
      throw invalid("cannot be read: " + e.getClass().getSimpleName());
    }
  }

  static Assignment parse(String json) {
    try {
      return checked(JSON.readValue(json, Assignment.class));
    } catch (JacksonException e) {
      throw invalid("is not an assignment: " + e.getOriginalMessage());
    }
  }

  /** The limits stay those of the cohort: the operator stops what the shards do not see. */
  static Assignment narrowed(Assignment cohort, int shard) {
    return new Assignment(
        cohort.namespace(),
        cohort.run(),
        cohort.runUid(),
        cohort.attempt(),
        cohort.cohort(),
        cohort.mode(),
        cohort.migrations(),
        cohort.limits(),
        cohort.shard(shard),
        cohort.skipped());
  }

  private static Assignment checked(Assignment assignment) {
    if (assignment == null) {
      throw invalid("is empty");
    }
    List<String> problems = new ArrayList<>();
    require(isText(assignment.namespace()), "namespace is missing", problems);
    require(isText(assignment.run()), "run is missing", problems);
    require(isText(assignment.runUid()), "runUid is missing", problems);
    require(assignment.attempt() >= 1, "attempt is below 1", problems);
    require(assignment.cohort() >= 1, "cohort is below 1", problems);
    require(assignment.migrations() != null, "migrations is missing", problems);
    require(assignment.limits() != null, "limits is missing", problems);
    if (assignment.migrations() != null) {
      check(assignment.migrations(), problems);
    }
    if (assignment.limits() != null) {
      check(assignment.limits(), problems);
    }
    for (Assignment.Member tenant : assignment.tenants()) {
      require(
          isText(tenant.name()) && isText(tenant.uid()) && tenant.database() != null,
          "a tenant lacks name, uid or database",
          problems);
      require(tenant.shard() >= 0, "a tenant's shard is below 0", problems);
    }
    if (!problems.isEmpty()) {
      throw invalid(String.join(", ", problems));
    }
    return assignment;
  }

  private static void check(Assignment.Migrations migrations, List<String> problems) {
    require(isText(migrations.digest()), "migrations.digest is missing", problems);
    require(isText(migrations.headVersion()), "migrations.headVersion is missing", problems);
  }

  private static void check(Assignment.Limits limits, List<String> problems) {
    require(limits.concurrency() >= 1, "concurrency is below 1", problems);
    require(limits.perServer() >= 1, "perServer is below 1", problems);
    require(limits.tenantTimeoutMillis() >= 1, "tenantTimeoutMillis is below 1", problems);
    require(limits.lockTimeoutMillis() >= 0, "lockTimeoutMillis is below 0", problems);
    require(limits.retries() >= 0, "retries is below 0", problems);
    require(limits.failureThreshold() >= 1, "failureThreshold is below 1", problems);
  }

  private static void require(boolean holds, String problem, List<String> problems) {
    if (!holds) {
      problems.add(problem);
    }
  }

  private static boolean isText(String value) {
    return value != null && !value.isBlank();
  }

  private static PermanentError invalid(String problem) {
    return new PermanentError(PermanentError.INVALID_CONFIGURATION, "the assignment " + problem);
  }
}
