package dev.fleetway.operator.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class OlderFailureTest {

  @Example
  void isShortEnoughForAThousandCohorts() {
    assertThat(
            OlderFailure.format(
                List.of(new OlderFailure(7, 1, 3, 2, 90), new OlderFailure(812, 2, 1, 0, 0))))
        .isEqualTo("7.1f3s2c90 812.2f1");
  }

  @Example
  void isAbsentWhenThereIsNone() {
    assertThat(OlderFailure.format(List.of())).isNull();
    assertThat(OlderFailure.parse(null)).isEmpty();
  }

  @Example
  void readsWhatItKnowsOfATextThatSomebodyElseWrote() {
    assertThat(OlderFailure.parse("7.1f3x9 hello 8.2f1s1"))
        .containsExactly(new OlderFailure(7, 1, 3, 0, 0), new OlderFailure(8, 2, 1, 1, 0));
  }

  @Property
  void isReadAsItWasWritten(@ForAll("failures") List<OlderFailure> failures) {
    assertThat(OlderFailure.parse(OlderFailure.format(failures))).isEqualTo(failures);
  }

  @Provide
  Arbitrary<List<OlderFailure>> failures() {
    Arbitrary<Integer> count = Arbitraries.integers().between(0, 1000);
    return Combinators.combine(
            Arbitraries.integers().between(1, 10000),
            Arbitraries.integers().between(1, 99),
            count,
            count,
            count)
        .as(OlderFailure::new)
        .list()
        .ofMaxSize(50);
  }
}
