package dev.fleetway.operator.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RolloutPlanTest {

  private static final RolloutPlan SMALL =
      new RolloutPlan(
          "sha256:0123",
          List.of(
              List.of(new PlannedTenant("acme", "u1")),
              List.of(new PlannedTenant("globex", "u2"), new PlannedTenant("nobody", null))));

  @Test
  void hasAHashThatNeverChangesBetweenReleases() {
    assertThat(SMALL.hash())
        .isEqualTo("83af2ef9bb5c2cb36ebc2ace16b5d1fe66a56309cb6d8f52da84f4c7daa235d9");
  }

  @Test
  void theHashCoversWhoWasADuplicateAndNotHowThePlanCameAbout() {
    RolloutPlan duplicate =
        new RolloutPlan(
            "sha256:0123",
            List.of(
                SMALL.cohorts().get(0),
                List.of(
                    new PlannedTenant("globex", "u2", "acme"), new PlannedTenant("nobody", null))));
    assertThat(duplicate.hash())
        .isEqualTo("204c468971a26f0e36d20e55500e198e1b09c8138ed7f641ba7584a86f06a27c");
    assertThat(
            new RolloutPlan(
                    SMALL.bundleDigest(),
                    SMALL.cohorts(),
                    Optional.of(new Selection(3, 0, 1, null, 0)))
                .hash())
        .isEqualTo(SMALL.hash());
  }

  @Test
  void readsAPlanThatAnOlderReleaseStored() throws JsonProcessingException {
    PlanDocument stored =
        new ObjectMapper()
            .readValue(
                """
                {"part":1,"parts":1,"bundleDigest":"sha256:0123","cohorts":[[{"name":"acme",\
                "uid":"u1"}],[{"name":"globex","uid":"u2"},{"name":"nobody"}]]}""",
                PlanDocument.class);
    assertThat(PlanDocument.join(List.of(stored))).isEqualTo(SMALL);
  }

  @Test
  void hasAnotherHashForOtherCohortsOfTheSameTenants() {
    RolloutPlan other = new RolloutPlan("sha256:0123", List.of(SMALL.cohorts().get(0)));
    assertThat(other.hash()).isNotEqualTo(SMALL.hash());
    assertThat(new RolloutPlan("sha256:4567", SMALL.cohorts()).hash()).isNotEqualTo(SMALL.hash());
  }

  @Test
  void survivesBeingStoredInPartsThatFitIntoConfigMaps() throws JsonProcessingException {
    RolloutPlan large =
        new RolloutPlan(
            "sha256:0123",
            IntStream.range(0, 100)
                .mapToObj(
                    cohort ->
                        IntStream.range(0, 100)
                            .mapToObj(
                                i ->
                                    new PlannedTenant(
                                        "x".repeat(58) + "%05d".formatted(cohort * 100 + i),
                                        new UUID(cohort, i).toString(),
                                        "y".repeat(63)))
                            .toList())
                .toList(),
            Optional.of(new Selection(10_000, 3, 2, 1, 0)));
    List<PlanDocument> parts = PlanDocument.split(large);
    assertThat(parts).hasSize(3).allMatch(part -> part.parts() == 3);
    for (PlanDocument part : parts) {
      assertThat(new ObjectMapper().writeValueAsString(part).length()).isLessThan(1 << 20);
    }
    assertThat(PlanDocument.join(parts)).isEqualTo(large);
  }

  @Test
  void storesAnEmptyPlanToo() {
    RolloutPlan empty = new RolloutPlan("sha256:0123", List.of());
    assertThat(PlanDocument.join(PlanDocument.split(empty))).isEqualTo(empty);
  }
}
