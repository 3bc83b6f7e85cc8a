package dev.fleetway.runner.assignment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fleetway.api.pod.Assignment;
import dev.fleetway.runner.pod.PermanentError;
import dev.fleetway.runner.testing.TestTenants;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AssignmentFileTest {
  private static final Assignment ASSIGNMENT =
      TestTenants.assignment(
          "sha256:",
          "112",
          List.of(
              TestTenants.member(
                  TestTenants.tenant(
                      "acme", TestTenants.database("pg.test", 5432, "acme", "public", null)))));

  @Test
  void readsWhatTheOperatorWrites() throws JsonProcessingException {
    String json = new ObjectMapper().writeValueAsString(ASSIGNMENT);

    assertThat(AssignmentFile.parse(json)).isEqualTo(ASSIGNMENT);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | namespace is missing",
        "null | is empty",
        "[] | not an assignment",
        "{\"attempt\": | not an assignment",
        "{\"tenants\": [{\"name\": \"acme\"}]} | a tenant lacks",
        "{\"tenants\": [{\"name\": \"acme\", \"shard\": -1}]} | shard is below 0",
        "{\"limits\": {\"concurrency\": 0}} | concurrency is below 1",
        "{\"limits\": {\"failureThreshold\": 0}} | failureThreshold is below 1",
      })
  void anythingLessIsAPermanentError(String json, String problem) {
    assertThatExceptionOfType(PermanentError.class)
        .isThrownBy(() -> AssignmentFile.parse(json))
        .withMessageContaining(problem)
        .returns("InvalidConfiguration", PermanentError::reason);
  }

  @Test
  void aShardHasItsOwnTenantsInTheirOrderAndTheLimitsOfTheCohort() {
    Assignment cohort =
        TestTenants.assignment(
            "sha256:", "112", List.of(member("b", 1), member("a", 0), member("c", 1)));

    Assignment second = AssignmentFile.narrowed(cohort, 1);

    assertThat(second.tenants()).extracting(Assignment.Member::name).containsExactly("b", "c");
    assertThat(second.limits()).isEqualTo(cohort.limits());
    assertThat(second.runUid()).isEqualTo(cohort.runUid());
    assertThat(AssignmentFile.narrowed(cohort, 2).tenants()).isEmpty();
  }

  private static Assignment.Member member(String name, int shard) {
    return new Assignment.Member(
        name,
        TestTenants.uid(name),
        shard,
        TestTenants.database("pg.test", 5432, name, "public", null));
  }
}
