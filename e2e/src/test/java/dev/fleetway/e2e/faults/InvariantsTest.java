package dev.fleetway.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetway.e2e.faults.FleetEvidence.Abort;
import dev.fleetway.e2e.faults.FleetEvidence.Cohort;
import dev.fleetway.e2e.faults.FleetEvidence.Database;
import dev.fleetway.e2e.faults.FleetEvidence.Job;
import dev.fleetway.e2e.faults.FleetEvidence.Run;
import dev.fleetway.e2e.faults.FleetEvidence.Server;
import dev.fleetway.e2e.faults.FleetEvidence.TenantState;
import dev.fleetway.e2e.faults.FleetEvidence.Work;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class InvariantsTest {
  private static final String UID = "uid-1";
  private static final Instant START = Instant.parse("2026-01-01T12:00:00Z");
  private static final Map<String, Integer> TWO =
      Map.of("succeeded", 2, "alreadyCurrent", 0, "failed", 0, "skipped", 0);

  private String phase = "Succeeded";
  private int bytes = 9000;
  private List<String> finalizers = List.of();
  private int lastClosedCohort = 2;
  private String secondCohort = "Closed";
  private final List<Abort> aborts = new ArrayList<>();
  private final Map<String, Integer> totals =
      new TreeMap<>(
          Map.of(
              "tenants",
              4,
              "pending",
              0,
              "running",
              0,
              "succeeded",
              4,
              "alreadyCurrent",
              0,
              "failed",
              0,
              "skipped",
              0));
  private final List<List<String>> plan =
      new ArrayList<>(List.of(List.of("a", "b"), List.of("c", "d")));
  private final SortedMap<String, String> reports =
      new TreeMap<>(Map.of("a", "Succeeded", "b", "Succeeded", "c", "Succeeded", "d", "Succeeded"));
  private final SortedMap<String, TenantState> tenants =
      new TreeMap<>(
          Map.of("a", tenant(1, 1), "b", tenant(1, 1), "c", tenant(1, 2), "d", tenant(1, 2)));
  private final SortedMap<String, Database> databases =
      new TreeMap<>(
          Map.of(
              "a", database(0, 2), "b", database(1, 3), "c", database(5, 7), "d", database(6, 8)));
  private final List<Job> jobs = new ArrayList<>(List.of(job(1, 1, 0), job(2, 1, 4)));
  private final List<String> pods = new ArrayList<>();
  private final SortedMap<String, String> texts =
      new TreeMap<>(Map.of("the operator's log", "all is well"));
  private Server server = new Server(List.of(), 0);

  @Test
  void findsNothingAfterARunThatWentWell() {
    assertThat(findings()).isEmpty();
  }

  @Test
  void seesTwoCohortsAtWorkAtTheSameTime() {
    databases.put("c", database(2, 7));

    assertThat(findings())
        .containsExactly(
            "I1: attempt 1 of cohort 2 began at 2026-01-01T12:00:02Z, and attempt 1 of cohort 1"
                + " was through at 2026-01-01T12:00:03Z");
  }

  @Test
  void seesALaterCohortThatWentFirst() {
    databases.put("a", database(20, 21));
    databases.put("b", database(20, 21));

    assertThat(findings()).singleElement().asString().startsWith("I1: attempt 1 of cohort 1");
  }

  @Test
  void takesAnAttemptThatFinishesWhatTheOneBeforeBegan() {
    tenants.put("d", tenant(2, 2));
    aborts.add(new Abort(1, START.plusSeconds(8)));
    jobs.add(job(2, 2, 9));

    assertThat(findings()).isEmpty();
  }

  @Test
  void takesFailuresOfAClosedCohortThatRunAgainAtTheEnd() {
    tenants.put("b", tenant(2, 1));
    databases.put("b", database(20, 21));
    tenants.put("d", tenant(2, 2));
    databases.put("d", database(15, 16));
    aborts.add(new Abort(1, START.plusSeconds(9)));

    assertThat(findings()).isEmpty();
  }

  @Test
  void seesACohortThatAFinishedRunLeftOpen() {
    secondCohort = "Running";
    lastClosedCohort = 1;

    assertThat(findings())
        .containsExactly(
            "I1: cohort 2 of a finished run is Running",
            "I3: 1 of 2 cohorts closed, the plan has 2");
  }

  @Test
  void seesAJobThatWasCreatedAfterTheAbort() {
    aborts.add(new Abort(1, START.plusSeconds(3)));

    assertThat(findings())
        .containsExactly(
            "I2: Job run-c2-a1 was created at 2026-01-01T12:00:04Z, after the abort of attempt 1"
                + " at 2026-01-01T12:00:03Z");
  }

  @Test
  void seesATenantWithoutAnOutcome() {
    tenants.put("b", new TenantState("ReadWrite", "2", "another-run", 1, 1, "Succeeded", ""));

    assertThat(findings())
        .containsExactly(
            "I3: b has no outcome of this run", "I3: totals.succeeded is 4, the tenants say 3");
  }

  @Test
  void seesAnOutcomeOfAnotherCohortThanThePlans() {
    tenants.put("b", tenant(1, 2));

    assertThat(findings()).contains("I3: b has an outcome of cohort 2");
  }

  @Test
  void seesAReportThatSaysSomethingElse() {
    reports.put("b", "Failed");

    assertThat(findings()).containsExactly("I3: b is Succeeded, and Failed in its cohort's report");
  }

  @Test
  void seesTotalsThatDoNotAddUp() {
    totals.put("succeeded", 3);
    totals.put("failed", 1);

    assertThat(findings())
        .containsExactly(
            "I3: totals.failed is 1, the tenants say 0",
            "I3: totals.succeeded is 3, the tenants say 4");
  }

  @Test
  void seesASecondJobOfOneAttempt() {
    jobs.add(new Job("another", 2, 1, START, true, 0));

    assertThat(findings())
        .containsExactly("I4: cohort 2, attempt 1 has the Jobs [run-c2-a1, another]");
  }

  @Test
  void seesAGateThatWasNotReleased() {
    tenants.put("b", new TenantState("ReadOnly", "2", UID, 1, 1, "Succeeded", ""));
    finalizers = List.of("fleetway.dev/drain-jobs");

    assertThat(findings())
        .containsExactly(
            "I6: access of b is ReadOnly", "I6: the run still has [fleetway.dev/drain-jobs]");
  }

  @Test
  void seesAScriptThatRanTwice() {
    Database twice =
        new Database(
            List.of("1", "2", "2"), List.of(), Map.of("1", 1, "2", 2), work(0, 1), List.of());
    databases.put("a", twice);

    assertThat(findings())
        .containsExactly(
            "I7: history of a is [1, 2, 2] instead of [1, 2]",
            "I7: scripts of a ran {1=1, 2=2} instead of once each");
  }

  @Test
  void seesWhatAFailedScriptLeftBehind() {
    databases.put(
        "a",
        new Database(
            List.of("1", "2"),
            List.of("2"),
            Map.of("1", 1, "2", 1),
            work(0, 1),
            List.of("some_index")));

    assertThat(findings())
        .containsExactly("I7: a has failed entries [2]", "left: INVALID [some_index] of a");
  }

  @Test
  void seesADatabaseThatIsNotWhatItsTenantSays() {
    tenants.put("a", new TenantState("ReadWrite", "1", UID, 1, 1, "Succeeded", ""));

    assertThat(findings()).containsExactly("I3: schemaVersion of a is 1 instead of 2");
  }

  @Test
  void seesSessionsLocksPodsAndJobsThatAreLeft() {
    server = new Server(List.of("tenant_001"), 1);
    pods.add("run-c2-a1-0");
    jobs.set(1, new Job("run-c2-a1", 2, 1, START.plusSeconds(4), false, 1));

    assertThat(findings())
        .containsExactly(
            "left: sessions on [tenant_001]",
            "left: 1 advisory locks",
            "left: pods [run-c2-a1-0]",
            "left: Job run-c2-a1");
  }

  @Test
  void seesACredentialWithoutRepeatingIt() {
    texts.put("the operator's log", "login with s3cret refused");

    assertThat(findings()).containsExactly("I9: a credential stands in the operator's log");
  }

  @Test
  void takesARunObjectJustBelowTheLimitAndNoneAtIt() {
    bytes = 100 * 1024 - 1;
    assertThat(findings()).isEmpty();

    bytes = 100 * 1024;
    assertThat(findings()).containsExactly("I10: the run object has 102400 bytes");
  }

  private List<String> findings() {
    FleetEvidence evidence =
        new FleetEvidence(
            new Run(
                "run",
                UID,
                phase,
                aborts.size() + 1,
                "2",
                totals,
                2,
                lastClosedCohort,
                List.of(new Cohort(1, 2, "Closed", 1, TWO), new Cohort(2, 2, secondCohort, 1, TWO)),
                aborts,
                aborts.size(),
                bytes,
                finalizers),
            plan,
            reports,
            tenants,
            databases,
            server,
            jobs,
            pods,
            texts);
    return new Invariants(evidence, List.of("1", "2"), List.of("1", "2"), Set.of("s3cret"))
        .findings();
  }

  private static TenantState tenant(int attempt, int cohort) {
    return new TenantState("ReadWrite", "2", UID, attempt, cohort, "Succeeded", "");
  }

  private static Database database(int from, int to) {
    return new Database(
        List.of("1", "2"), List.of(), Map.of("1", 1, "2", 1), work(from, to), List.of());
  }

  private static Work work(int from, int to) {
    return new Work(START.plusSeconds(from), START.plusSeconds(to));
  }

  private static Job job(int cohort, int attempt, int second) {
    return new Job(
        "run-c%d-a%d".formatted(cohort, attempt),
        cohort,
        attempt,
        START.plusSeconds(second),
        true,
        0);
  }
}
