package dev.fleetway.e2e.faults;

import dev.fleetway.e2e.faults.FleetEvidence.Cohort;
import dev.fleetway.e2e.faults.FleetEvidence.Database;
import dev.fleetway.e2e.faults.FleetEvidence.Job;
import dev.fleetway.e2e.faults.FleetEvidence.Run;
import dev.fleetway.e2e.faults.FleetEvidence.TenantState;
import dev.fleetway.e2e.faults.FleetEvidence.Work;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The promises of DESIGN §6 held against what was read after a run that brought every tenant to
 * head. Pure. Each finding begins with the promise that is broken; none means that all are kept.
 *
 * @param evidence what was read
 * @param versions the versions that each history must hold, in order; the last one is the head
 * @param marked those of them whose script inserts a row as it runs
 * @param secrets what must stand nowhere
 */
record Invariants(
    FleetEvidence evidence, List<String> versions, List<String> marked, Set<String> secrets) {
  private static final int MOST_BYTES = 100 * 1024;
  private static final Set<String> OUTCOMES =
      Set.of("Succeeded", "AlreadyCurrent", "Failed", "Skipped");

  Invariants {
    versions = List.copyOf(versions);
    marked = List.copyOf(marked);
    secrets = Set.copyOf(secrets);
  }

  /** What is wrong, one line each. */
  List<String> findings() {
    List<String> findings = new ArrayList<>();
    cohortsGoOneAfterTheOther(findings);
    noJobAfterAnAbort(findings);
    oneOutcomeEach(findings);
    totalsAddUp(findings);
    oneJobPerCohortAndAttempt(findings);
    nothingIsHeld(findings);
    evidence.databases().forEach((tenant, database) -> database(tenant, database, findings));
    nothingIsLeft(findings);
    secretsStayIn(findings);
    if (evidence.run().bytes() >= MOST_BYTES) {
      findings.add("I10: the run object has " + evidence.run().bytes() + " bytes");
    }
    return findings;
  }

  /** Who was at work when, by the database server's clock. */
  private record Turn(int attempt, int cohort, Instant first, Instant last) {
    static Turn of(List<Integer> turn, List<Work> work) {
      return new Turn(
          turn.get(0),
          turn.get(1),
          work.stream().map(Work::started).min(Comparator.naturalOrder()).orElseThrow(),
          work.stream().map(Work::ended).max(Comparator.naturalOrder()).orElseThrow());
    }

    @Override
    public String toString() {
      return "attempt %d of cohort %d".formatted(attempt, cohort);
    }
  }

  /**
   * I1: while one cohort is at work no other one is; attempts follow each other, and in the first
   * one so do the numbers. Later attempts end with what failed in cohorts that had closed.
   */
  private void cohortsGoOneAfterTheOther(List<String> findings) {
    List<Turn> turns = turns();
    for (int i = 1; i < turns.size(); i++) {
      Turn before = turns.get(i - 1);
      Turn turn = turns.get(i);
      boolean overlap = turn.first().isBefore(before.last()) && turn.cohort() != before.cohort();
      boolean order =
          turn.attempt() > before.attempt()
              || (turn.attempt() == before.attempt()
                  && (turn.attempt() > 1 || turn.cohort() > before.cohort()));
      if (overlap || !order) {
        findings.add(
            "I1: %s began at %s, and %s was through at %s"
                .formatted(turn, turn.first(), before, before.last()));
      }
    }
    evidence.run().cohorts().stream()
        .filter(cohort -> evidence.run().isFinished() && !cohort.state().equals("Closed"))
        .forEach(
            cohort ->
                findings.add(
                    "I1: cohort %d of a finished run is %s"
                        .formatted(cohort.number(), cohort.state())));
  }

  private List<Turn> turns() {
    Map<List<Integer>, List<Work>> work = new HashMap<>();
    evidence
        .databases()
        .forEach(
            (name, database) -> {
              TenantState tenant = evidence.tenants().get(name);
              if (tenant != null && isOfThisRun(tenant) && database.work() != null) {
                work.computeIfAbsent(
                        List.of(tenant.attempt(), tenant.cohort()), turn -> new ArrayList<>())
                    .add(database.work());
              }
            });
    return work.entrySet().stream()
        .map(turn -> Turn.of(turn.getKey(), turn.getValue()))
        .sorted(Comparator.comparing(Turn::first))
        .toList();
  }

  private void noJobAfterAnAbort(List<String> findings) {
    for (FleetEvidence.Abort abort : evidence.run().aborts()) {
      for (Job job : evidence.jobs()) {
        if (job.attempt() <= abort.attempt() && job.created().isAfter(abort.time())) {
          findings.add(
              "I2: Job %s was created at %s, after the abort of attempt %d at %s"
                  .formatted(job.name(), job.created(), abort.attempt(), abort.time()));
        }
      }
    }
    if (evidence.run().abortCount() != evidence.run().aborts().size()) {
      findings.add(
          "I2: abortCount is %d with %d aborts"
              .formatted(evidence.run().abortCount(), evidence.run().aborts().size()));
    }
  }

  private void oneOutcomeEach(List<String> findings) {
    List<String> planned = evidence.plan().stream().flatMap(List::stream).toList();
    Set<String> seen = new HashSet<>();
    for (String name : planned) {
      TenantState tenant = evidence.tenants().get(name);
      if (!seen.add(name)) {
        findings.add("I3: " + name + " is planned twice");
      } else if (tenant == null) {
        findings.add("I3: " + name + " is planned and does not exist");
      } else if (!isOfThisRun(tenant) || !OUTCOMES.contains(tenant.outcome())) {
        findings.add("I3: " + name + " has no outcome of this run");
      } else if (!evidence.plan().get(tenant.cohort() - 1).contains(name)) {
        findings.add("I3: %s has an outcome of cohort %d".formatted(name, tenant.cohort()));
      } else if (!tenant.outcome().equals(evidence.reports().get(name))) {
        findings.add(
            "I3: %s is %s, and %s in its cohort's report"
                .formatted(name, tenant.outcome(), evidence.reports().get(name)));
      }
    }
  }

  private boolean isOfThisRun(TenantState tenant) {
    return tenant.runUid().equals(evidence.run().uid());
  }

  private void totalsAddUp(List<String> findings) {
    Run run = evidence.run();
    Map<String, Integer> expected = new TreeMap<>();
    expected.put("tenants", evidence.plan().stream().mapToInt(List::size).sum());
    expected.put("pending", 0);
    expected.put("running", 0);
    expected.put("succeeded", withOutcome("Succeeded"));
    expected.put("alreadyCurrent", withOutcome("AlreadyCurrent"));
    expected.put("failed", withOutcome("Failed"));
    expected.put("skipped", withOutcome("Skipped"));
    expected.forEach(
        (total, count) -> {
          if (!count.equals(run.totals().get(total))) {
            findings.add(
                "I3: totals.%s is %d, the tenants say %d"
                    .formatted(total, run.totals().get(total), count));
          }
        });
    if (run.isFinished()
        && (run.cohortCount() != evidence.plan().size()
            || run.lastClosedCohort() != run.cohortCount())) {
      findings.add(
          "I3: %d of %d cohorts closed, the plan has %d"
              .formatted(run.lastClosedCohort(), run.cohortCount(), evidence.plan().size()));
    }
    for (Cohort cohort : run.cohorts()) {
      int sum = cohort.outcomes().values().stream().mapToInt(Integer::intValue).sum();
      if (sum != cohort.size()) {
        findings.add(
            "I3: cohort %d has %d outcomes for %d tenants"
                .formatted(cohort.number(), sum, cohort.size()));
      }
    }
  }

  private int withOutcome(String outcome) {
    return (int)
        evidence.tenants().values().stream()
            .filter(tenant -> isOfThisRun(tenant) && tenant.outcome().equals(outcome))
            .count();
  }

  private void oneJobPerCohortAndAttempt(List<String> findings) {
    evidence.jobs().stream()
        .collect(
            Collectors.groupingBy(
                job -> "cohort %d, attempt %d".formatted(job.cohort(), job.attempt()),
                TreeMap::new,
                Collectors.mapping(Job::name, Collectors.toList())))
        .forEach(
            (turn, names) -> {
              if (names.size() > 1) {
                findings.add("I4: %s has the Jobs %s".formatted(turn, names));
              }
            });
  }

  private void nothingIsHeld(List<String> findings) {
    evidence
        .tenants()
        .forEach(
            (name, tenant) -> {
              if (!tenant.access().equals("ReadWrite")) {
                findings.add("I6: access of %s is %s".formatted(name, tenant.access()));
              }
            });
    if (!evidence.run().finalizers().isEmpty()) {
      findings.add("I6: the run still has " + evidence.run().finalizers());
    }
  }

  private void database(String tenant, Database database, List<String> findings) {
    if (!database.history().equals(versions)) {
      findings.add(
          "I7: history of %s is %s instead of %s".formatted(tenant, database.history(), versions));
    }
    Map<String, Integer> once =
        marked.stream().collect(Collectors.toMap(version -> version, version -> 1));
    if (!database.executions().equals(once)) {
      findings.add(
          "I7: scripts of %s ran %s instead of once each".formatted(tenant, database.executions()));
    }
    if (!database.failedEntries().isEmpty()) {
      findings.add("I7: %s has failed entries %s".formatted(tenant, database.failedEntries()));
    }
    if (!database.invalidIndexes().isEmpty()) {
      findings.add("left: INVALID %s of %s".formatted(database.invalidIndexes(), tenant));
    }
    TenantState state = evidence.tenants().get(tenant);
    String head = versions.get(versions.size() - 1);
    if (state == null || !state.schemaVersion().equals(head)) {
      findings.add(
          "I3: schemaVersion of %s is %s instead of %s"
              .formatted(tenant, state == null ? "unknown" : state.schemaVersion(), head));
    }
  }

  private void nothingIsLeft(List<String> findings) {
    if (!evidence.server().backends().isEmpty()) {
      findings.add("left: sessions on " + evidence.server().backends());
    }
    if (evidence.server().locks() > 0) {
      findings.add("left: %d advisory locks".formatted(evidence.server().locks()));
    }
    if (!evidence.livePods().isEmpty()) {
      findings.add("left: pods " + evidence.livePods());
    }
    evidence.jobs().stream()
        .filter(job -> !job.ended() || job.active() > 0)
        .forEach(job -> findings.add("left: Job " + job.name()));
  }

  private void secretsStayIn(List<String> findings) {
    evidence
        .texts()
        .forEach(
            (place, text) -> {
              if (secrets.stream().anyMatch(text::contains)) {
                findings.add("I9: a credential stands in " + place);
              }
            });
  }
}
