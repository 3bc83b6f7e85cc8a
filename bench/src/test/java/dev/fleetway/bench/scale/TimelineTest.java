package dev.fleetway.bench.scale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TimelineTest {
  private static final Instant START = Instant.parse("2026-11-21T13:00:00Z");
  private static final Map<String, Integer> COHORT_OF = Map.of("a", 1, "b", 1, "c", 2);

  /** Two cohorts; the second closes together with the run. */
  private static final List<ApiRequest> RUN =
      List.of(
          request(Sender.OPERATOR, "create", "jobs", "v1-inspect-a1-0123ab", 5),
          job("v1-c001-a1-0123ab", 10),
          outcome("a", 20),
          status("Running", 0, 25),
          outcome("b", 30),
          status("Running", 1, 42),
          job("v1-c002-a1-0123ab", 50),
          outcome("c", 60),
          status("Running", 2, 65),
          status("Succeeded", 2, 75));

  @Test
  void overheadLastsFromTheLastOutcomeToTheNextJobAndInTheEndToTheEndOfTheRun() {
    Timeline timeline = Timeline.of(RUN, COHORT_OF);

    assertThat(timeline.firstJob()).isEqualTo(START.plusMillis(10));
    assertThat(timeline.overheads()).containsExactly(Duration.ofMillis(20), Duration.ofMillis(15));
  }

  @Test
  void theLagIsThatOfTheFirstStatusWithTheCohortClosed() {
    Timeline timeline = Timeline.of(RUN, COHORT_OF);

    assertThat(timeline.closeLag(0.5)).isEqualTo(Duration.ofMillis(5));
    assertThat(timeline.closeLag(0.99)).isEqualTo(Duration.ofMillis(12));
  }

  @Test
  void aSecondJobOfACohortIsNoRunToMeasure() {
    List<ApiRequest> twice = new ArrayList<>(RUN);
    twice.add(job("v1-c002-a1-0123ab", 80));

    assertThatIllegalStateException()
        .isThrownBy(() -> Timeline.of(twice, COHORT_OF))
        .withMessageContaining("two Jobs");
  }

  @Test
  void aCohortWithoutItsCloseIsNoRunToMeasure() {
    List<ApiRequest> lost = new ArrayList<>(RUN.subList(0, 8));
    lost.add(status("Succeeded", 1, 75));

    assertThatIllegalStateException()
        .isThrownBy(() -> Timeline.of(lost, COHORT_OF))
        .withMessageContaining("1 closed");
  }

  private static ApiRequest job(String name, int millis) {
    return request(Sender.OPERATOR, "create", "jobs", name, millis);
  }

  private static ApiRequest outcome(String tenant, int millis) {
    return request(Sender.RUNNER, "patch", "tenants/status", tenant, millis);
  }

  private static ApiRequest status(String phase, int lastClosed, int millis) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.putObject("status").put("phase", phase).put("lastClosedCohort", lastClosed);
    return new ApiRequest(
        Sender.OPERATOR.userAgent(),
        "patch",
        "tenantmigrationruns/status",
        "v1",
        200,
        START.plusMillis(millis),
        body);
  }

  private static ApiRequest request(
      Sender sender, String verb, String resource, String name, int millis) {
    return new ApiRequest(
        sender.userAgent(),
        verb,
        resource,
        name,
        201,
        START.plusMillis(millis),
        MissingNode.getInstance());
  }
}
