package dev.fleetway.runner.pod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.fleetway.api.pod.PodContract;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PodEnvironmentTest {
  @Test
  void thePodOfAPlainJobIsTheFirstShard() {
    assertThat(new PodEnvironment(Map.of()).shard()).isZero();
    assertThat(shard("").shard()).isZero();
    assertThat(shard("0").shard()).isZero();
    assertThat(shard("17").shard()).isEqualTo(17);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "one", "1.5", "2147483648", "99999999999999999999"})
  void aShardThatIsNoIndexIsAPermanentError(String value) {
    assertThatExceptionOfType(PermanentError.class)
        .isThrownBy(shard(value)::shard)
        .withMessage("JOB_COMPLETION_INDEX is not a whole number from 0")
        .returns(PermanentError.INVALID_CONFIGURATION, PermanentError::reason);
  }

  @Test
  void theGracePeriodIsThatOfAPodUnlessItIsGiven() {
    assertThat(new PodEnvironment(Map.of()).grace()).isEqualTo(Duration.ofSeconds(30));
    assertThat(new PodEnvironment(Map.of(PodContract.ENV_GRACE_SECONDS, "600")).grace())
        .isEqualTo(Duration.ofMinutes(10));
  }

  private static PodEnvironment shard(String value) {
    return new PodEnvironment(Map.of(PodContract.ENV_SHARD, value));
  }
}
