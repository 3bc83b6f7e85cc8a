package dev.fleetway.bench.scale;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The moments of one run. Pure.
 *
 * @param firstJob when the first cohort's Job was created
 * @param cohorts in order
 * @param finished when the status said that all is done
 */
record Timeline(Instant firstJob, List<CohortMoments> cohorts, Instant finished) {
  private static final Pattern COHORT_JOB = Pattern.compile(".*-c(\\d+)-a\\d+-[0-9a-f]+");

  Timeline {
    cohorts = List.copyOf(cohorts);
  }

  /**
   * One cohort.
   *
   * @param jobCreated its Job exists
   * @param lastOutcome the last of its tenants has an outcome
   * @param closed the run's status says that it is closed
   */
  record CohortMoments(Instant jobCreated, Instant lastOutcome, Instant closed) {
    Duration closeLag() {
      return Duration.between(lastOutcome, closed);
    }
  }

  /**
   * From the requests of a run.
   *
   * @param cohortOf number of the cohort by tenant, from 1
   * @throws IllegalStateException when a moment is missing, or a Job was created twice
   */
  static Timeline of(List<ApiRequest> requests, Map<String, Integer> cohortOf) {
    Map<Integer, Instant> jobs = new HashMap<>();
    Map<Integer, Instant> outcomes = new HashMap<>();
    Map<Integer, Instant> closes = new HashMap<>();
    Instant finished = null;
    for (ApiRequest request : requests) {
      if (request.did(Sender.OPERATOR, "create", "jobs")) {
        Matcher name = COHORT_JOB.matcher(request.name());
        if (name.matches()
            && jobs.put(Integer.parseInt(name.group(1)), request.answered()) != null) {
          throw new IllegalStateException("two Jobs for the cohort of " + request.name());
        }
      } else if (request.did(Sender.RUNNER, "patch", "tenants/status")) {
        outcomes.merge(cohortOf.get(request.name()), request.answered(), Timeline::later);
      } else if (request.did(Sender.OPERATOR, "patch", "tenantmigrationruns/status")) {
        int last = request.body().path("status").path("lastClosedCohort").asInt();
        for (int cohort = last; cohort > 0 && !closes.containsKey(cohort); cohort--) {
          closes.put(cohort, request.answered());
        }
        if (finished == null
            && request.body().path("status").path("phase").asText().equals("Succeeded")) {
          finished = request.answered();
        }
      }
    }
    return assembled(jobs, outcomes, closes, finished);
  }

  private static Timeline assembled(
      Map<Integer, Instant> jobs,
      Map<Integer, Instant> outcomes,
      Map<Integer, Instant> closes,
      Instant finished) {
    if (jobs.isEmpty()
        || finished == null
        || !jobs.keySet().equals(outcomes.keySet())
        || !jobs.keySet().equals(closes.keySet())) {
      throw new IllegalStateException(
          "the audit log has %d Jobs, outcomes of %d cohorts, %d closed; finished: %s"
              .formatted(jobs.size(), outcomes.size(), closes.size(), finished));
    }
    List<CohortMoments> cohorts =
        jobs.keySet().stream()
            .sorted()
            .map(
                number ->
                    new CohortMoments(jobs.get(number), outcomes.get(number), closes.get(number)))
            .toList();
    return new Timeline(cohorts.get(0).jobCreated(), cohorts, finished);
  }

  private static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }

  /**
   * What each cohort costs beyond its tenants: from its last outcome until the next one's Job
   * exists, for the last one until the run is finished.
   */
  List<Duration> overheads() {
    List<Duration> overheads = new ArrayList<>();
    for (int i = 0; i < cohorts.size(); i++) {
      Instant next = i + 1 < cohorts.size() ? cohorts.get(i + 1).jobCreated() : finished;
      overheads.add(Duration.between(cohorts.get(i).lastOutcome(), next));
    }
    return overheads;
  }

  /** The lag that this share of the cohorts does not exceed. */
  Duration closeLag(double share) {
    List<Duration> lags = cohorts.stream().map(CohortMoments::closeLag).sorted().toList();
    return lags.get((int) Math.ceil(share * lags.size()) - 1);
  }
}
