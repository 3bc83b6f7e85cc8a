package dev.fleetway.operator.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FleetFloorTest {
  private static final FleetFloor FLOOR = new FleetFloor(Optional.of("2.14.0"));
  private static final FleetFloor NONE = new FleetFloor(Optional.empty());
  private static final Map<String, String> DATA = Map.of(FleetFloor.KEY, "2.14.0");

  @Test
  void isTheHighestAsVersionsGo() {
    assertThat(FleetFloor.of(Stream.of("2.9.0", "2.14.0-rc.1", "2.14.0", "2.10.3")))
        .isEqualTo(FLOOR);
    assertThat(FleetFloor.of(Stream.of("2.14.0-rc.1", "2.13.9")).version()).contains("2.14.0-rc.1");
    assertThat(FleetFloor.of(Stream.of("latest", "2.14.0", "2.15"))).isEqualTo(FLOOR);
    assertThat(FleetFloor.of(Stream.empty())).isEqualTo(NONE);
  }

  @Test
  void isTheSameWhateverTheOrderOfVersionsThatDifferInTheirBuild() {
    assertThat(FleetFloor.of(Stream.of("2.14.0+a", "2.14.0+b")))
        .isEqualTo(FleetFloor.of(Stream.of("2.14.0+b", "2.14.0+a")));
  }

  @Test
  void isWrittenWhenItChanged() {
    assertThat(FLOOR.unlessSaid("fleet", Optional.empty())).map(ConfigMap::getData).contains(DATA);
    assertThat(FLOOR.unlessSaid("fleet", Optional.of(stored(Map.of("other", "1")))))
        .map(ConfigMap::getData)
        .contains(DATA);
    assertThat(NONE.unlessSaid("fleet", Optional.of(stored(DATA))))
        .map(ConfigMap::getData)
        .contains(Map.of());
  }

  @Test
  void isNotWrittenAgainWhateverElseLiesInTheConfigMap() {
    assertThat(
            FLOOR.unlessSaid(
                "fleet", Optional.of(stored(Map.of("other", "1", FleetFloor.KEY, "2.14.0")))))
        .isEmpty();
    assertThat(NONE.unlessSaid("fleet", Optional.empty())).isEmpty();
    assertThat(NONE.unlessSaid("fleet", Optional.of(stored(null)))).isEmpty();
  }

  private static ConfigMap stored(Map<String, String> data) {
    return new ConfigMapBuilder().withData(data).build();
  }
}
