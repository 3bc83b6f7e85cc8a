package dev.fleetway.e2e.faults;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Everything that was read once a run had ended: the run, its plan and reports, the tenants, what
 * is left in the namespace, and every database.
 *
 * @param plan the planned tenants by cohort, in order, from the plan's ConfigMaps
 * @param reports outcome by tenant, from the newest report of each cohort
 * @param tenants by name
 * @param databases by tenant
 * @param server what is left on the database server
 * @param jobs the run's Jobs of cohorts
 * @param livePods names of pods of runs that have not ended
 * @param texts what people may read, by where it stands: objects, events, logs
 */
record FleetEvidence(
    Run run,
    List<List<String>> plan,
    SortedMap<String, String> reports,
    SortedMap<String, TenantState> tenants,
    SortedMap<String, Database> databases,
    Server server,
    List<Job> jobs,
    List<String> livePods,
    SortedMap<String, String> texts) {

  FleetEvidence {
    plan = plan.stream().map(List::copyOf).toList();
    reports = new TreeMap<>(reports);
    tenants = new TreeMap<>(tenants);
    databases = new TreeMap<>(databases);
    jobs = List.copyOf(jobs);
    livePods = List.copyOf(livePods);
    texts = new TreeMap<>(texts);
  }

  /**
   * The run object.
   *
   * @param totals {@code status.totals}
   * @param bytes size of the object as stored, managedFields included
   * @param finalizers what keeps it from being deleted
   */
  record Run(
      String name,
      String uid,
      String phase,
      int attempt,
      String headVersion,
      Map<String, Integer> totals,
      int cohortCount,
      int lastClosedCohort,
      List<Cohort> cohorts,
      List<Abort> aborts,
      int abortCount,
      int bytes,
      List<String> finalizers) {
    Run {
      totals = Map.copyOf(totals);
      cohorts = List.copyOf(cohorts);
      aborts = List.copyOf(aborts);
      finalizers = List.copyOf(finalizers);
    }

    boolean isFinished() {
      return phase.equals("Succeeded") || phase.equals("CompletedWithFailures");
    }
  }

  /** A line of {@code status.cohorts}. */
  record Cohort(int number, int size, String state, int attempt, Map<String, Integer> outcomes) {
    Cohort {
      outcomes = Map.copyOf(outcomes);
    }
  }

  /** A line of {@code status.aborts}. */
  record Abort(int attempt, Instant time) {}

  /**
   * What a Tenant says.
   *
   * @param runUid the run that its last outcome is of; empty for none
   * @param outcome the outcome; empty for none
   */
  record TenantState(
      String access,
      String schemaVersion,
      String runUid,
      int attempt,
      int cohort,
      String outcome,
      String reason) {}

  /**
   * What a database says.
   *
   * @param history the versions in Flyway's history, in the order of their installation
   * @param failedEntries versions whose entry is not a success
   * @param executions how often each script left its mark: the script inserts a row as it runs
   * @param work when the run's script was at work here; null where it was not
   * @param invalidIndexes indexes that CREATE INDEX CONCURRENTLY left unfinished
   */
  record Database(
      List<String> history,
      List<String> failedEntries,
      Map<String, Integer> executions,
      Work work,
      List<String> invalidIndexes) {
    Database {
      history = List.copyOf(history);
      failedEntries = List.copyOf(failedEntries);
      executions = new TreeMap<>(executions);
      invalidIndexes = List.copyOf(invalidIndexes);
    }
  }

  /** From a script's first statement to its last, by the database server's clock. */
  record Work(Instant started, Instant ended) {}

  /**
   * What is left on the server.
   *
   * @param backends databases that the tenants' user still has a session on
   * @param locks advisory locks that are still held
   */
  record Server(List<String> backends, int locks) {
    Server {
      backends = List.copyOf(backends);
    }
  }

  /** A Job of a cohort. */
  record Job(String name, int cohort, int attempt, Instant created, boolean ended, int active) {}
}
