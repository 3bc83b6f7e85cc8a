package dev.fleetway.sandbox.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fleetway.sandbox.fleet.Bundle;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * A fleet migrates, aborts on bad data, and resumes after the repair. The story is played once;
 * each test looks at one side of it.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class DemoScenario {
  private DemoStory story;

  /** Where the story is played; asked once, before the first test. */
  protected abstract FleetPlace place();

  @BeforeAll
  void playTheStory() {
    story = new DemoStory(place());
    story.play();
  }

  @Test
  void abortsInTheCohortWhoseDataAreBad() {
    JsonNode status = story.afterAbort().run().path("status");

    assertThat(status.path("phase").asText()).isEqualTo("Aborted");
    assertThat(status.path("abortCount").asInt()).isEqualTo(1);
    assertThat(status.at("/aborts/0/cohort").asInt()).isEqualTo(story.badCohort());
    assertThat(status.at("/aborts/0/reason").asText()).isEqualTo("AbortRateExceeded");
    assertThat(status.path("lastClosedCohort").asInt()).isEqualTo(story.badCohort() - 1);
    assertThat(condition(status, "Ready").path("reason").asText()).isEqualTo("AbortRateExceeded");
    assertThat(condition(status, "Stalled").path("status").asText()).isEqualTo("True");
  }

  @Test
  void saysWhichTenantsFailedAndWhy() {
    JsonNode failures = story.afterAbort().run().at("/status/failures");

    assertThat(failures).isNotEmpty();
    assertThat(failures)
        .allSatisfy(
            failure -> {
              assertThat(story.badTenants()).contains(failure.path("tenant").asText());
              assertThat(failure.path("reason").asText()).isEqualTo("ConstraintViolation");
              assertThat(failure.path("sqlState").asText()).isEqualTo("23505");
              assertThat(failure.path("failedVersion").asText())
                  .isEqualTo(Bundle.SAMPLE_UNIQUE_EMAIL);
            });
  }

  @Test
  void tellsNoRowDataAnywhere() {
    assertThat(story.afterAbort().run().toString()).doesNotContainIgnoringCase("ada@example.test");
    assertThat(story.afterAbort().tenants().toString())
        .doesNotContainIgnoringCase("ada@example.test");
  }

  @Test
  void touchesNoLaterCohortUntilTheAttemptRises() {
    List<String> later = tenantsAfter(story.badCohort());

    assertThat(cohortJobs(story.afterAbort()))
        .allSatisfy(job -> assertThat(cohort(job)).isLessThanOrEqualTo(story.badCohort()));
    assertThat(newestVersions(story.afterAbort()))
        .as("tenants of later cohorts")
        .extractingByKeys(later.toArray(String[]::new))
        .containsOnly(Bundle.SAMPLE_BASE);
  }

  @Test
  void hasMigratedTheCohortsBeforeTheBadOne() {
    List<String> earlier =
        IntStream.range(1, story.badCohort())
            .boxed()
            .flatMap(number -> story.cohort(number).stream())
            .toList();

    assertThat(newestVersions(story.afterAbort()))
        .extractingByKeys(earlier.toArray(String[]::new))
        .containsOnly(Bundle.SAMPLE_HEAD);
  }

  @Test
  void countsEveryTenantOnceAfterTheAbortAndAtTheEnd() {
    for (DemoStory.Sight sight : List.of(story.afterAbort(), story.atTheEnd())) {
      JsonNode totals = sight.run().at("/status/totals");
      int sum =
          Stream.of("pending", "running", "succeeded", "alreadyCurrent", "failed", "skipped")
              .mapToInt(name -> totals.path(name).asInt())
              .sum();
      assertThat(totals.path("tenants").asInt()).isEqualTo(story.tenants().size());
      assertThat(sum).isEqualTo(story.tenants().size());
    }
  }

  @Test
  void bringsEveryTenantToTheHeadAfterTheRepair() {
    JsonNode status = story.atTheEnd().run().path("status");

    assertThat(status.path("phase").asText()).isEqualTo("Succeeded");
    assertThat(status.path("attempt").asInt()).isEqualTo(2);
    assertThat(status.path("abortCount").asInt()).isEqualTo(1);
    assertThat(status.path("lastClosedCohort").asInt()).isEqualTo(story.cohorts());
    assertThat(status.at("/totals/done").asInt()).isEqualTo(story.tenants().size());
    assertThat(newestVersions(story.atTheEnd()))
        .hasSameSizeAs(story.tenants())
        .allSatisfy((tenant, version) -> assertThat(version).isEqualTo(Bundle.SAMPLE_HEAD));
  }

  @Test
  void leavesOneOutcomeOfThisRunOnEveryTenant() {
    String uid = story.atTheEnd().run().at("/metadata/uid").asText();

    assertThat(story.atTheEnd().tenants())
        .hasSameSizeAs(story.tenants())
        .allSatisfy(
            tenant -> {
              assertThat(tenant.at("/status/lastRun/uid").asText()).isEqualTo(uid);
              assertThat(tenant.at("/status/lastRun/outcome").asText())
                  .isIn("Succeeded", "AlreadyCurrent");
              assertThat(tenant.at("/status/schemaVersion").asText()).isEqualTo(Bundle.SAMPLE_HEAD);
            });
  }

  @Test
  void createsOneJobPerCohortAndAttempt() {
    Map<String, Long> jobs =
        cohortJobs(story.atTheEnd()).stream()
            .collect(
                Collectors.groupingBy(
                    job -> cohort(job) + "/" + label(job, "attempt"), Collectors.counting()));
    List<String> expected =
        IntStream.rangeClosed(1, story.cohorts())
            .boxed()
            .flatMap(
                number ->
                    number < story.badCohort()
                        ? Stream.of(number + "/1")
                        : number == story.badCohort()
                            ? Stream.of(number + "/1", number + "/2")
                            : Stream.of(number + "/2"))
            .toList();

    assertThat(jobs).containsOnlyKeys(expected);
    assertThat(jobs.values()).containsOnly(1L);
  }

  @Test
  void appliesEveryMigrationOncePerTenant() {
    for (List<List<String>> history : story.atTheEnd().histories()) {
      assertThat(history).extracting(row -> row.get(0)).doesNotHaveDuplicates().hasSize(12);
      assertThat(history).extracting(row -> row.get(1)).containsOnly("t");
    }
  }

  @Test
  void leavesTheRowsOfTheTenantsAlone() {
    List<Integer> customers = story.rowCounts("customers");

    for (int i = 0; i < customers.size(); i++) {
      // of the two bad rows one was repaired away
      boolean bad = story.badTenants().contains(story.tenants().get(i));
      assertThat(customers.get(i))
          .as(story.tenants().get(i))
          .isEqualTo(DemoStory.CUSTOMERS + (bad ? 1 : 0));
    }
    assertThat(story.rowCounts("orders")).containsOnly(DemoStory.CUSTOMERS);
  }

  @Test
  void keepsTheResultOfEveryCohort() {
    JsonNode cohorts = story.atTheEnd().run().at("/status/cohorts");

    assertThat(cohorts).hasSize(story.cohorts());
    assertThat(cohorts)
        .allSatisfy(
            cohort -> {
              assertThat(cohort.path("state").asText()).isEqualTo("Closed");
              assertThat(story.exists("configmaps", cohort.path("resultRef").asText())).isTrue();
            });
  }

  private List<String> tenantsAfter(int cohort) {
    return IntStream.rangeClosed(cohort + 1, story.cohorts())
        .boxed()
        .flatMap(number -> story.cohort(number).stream())
        .toList();
  }

  private Map<String, String> newestVersions(DemoStory.Sight sight) {
    return IntStream.range(0, story.tenants().size())
        .boxed()
        .collect(
            Collectors.toMap(
                story.tenants()::get,
                i -> {
                  List<List<String>> history = sight.histories().get(i);
                  return history.get(history.size() - 1).get(0);
                }));
  }

  private static List<JsonNode> cohortJobs(DemoStory.Sight sight) {
    return sight.jobs().stream().filter(job -> label(job, "component").equals("cohort")).toList();
  }

  private static int cohort(JsonNode job) {
    return Integer.parseInt(label(job, "cohort"));
  }

  private static String label(JsonNode object, String name) {
    return object.path("metadata").path("labels").path("fleetway.dev/" + name).asText();
  }

  private static JsonNode condition(JsonNode status, String type) {
    return StreamSupport.stream(status.path("conditions").spliterator(), false)
        .filter(condition -> condition.path("type").asText().equals(type))
        .findFirst()
        .orElseThrow();
  }
}
