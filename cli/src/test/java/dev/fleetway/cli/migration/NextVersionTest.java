package dev.fleetway.cli.migration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetway.cli.migration.NextVersion.Manner;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NextVersionTest {
  private static final Instant NOW = Instant.parse("2026-11-21T18:30:05Z");

  @ParameterizedTest
  @CsvSource({
    "V1__a.sql, 2",
    "V9__a.sql, 10",
    "V007__a.sql, 008",
    "V099__a.sql, 100",
    "V1.9__a.sql, 1.10",
    "V2024_01_3__a.sql, 2024_01_4",
    "V20261120__a.sql, 20261121",
    "V20261120101500__a.sql, 20261121183005",
    "V202611201015__a.sql, 202611211830",
    // somebody's clock is ahead: never below what is there
    "V20991231235959__a.sql, 20991231235960",
  })
  void goesOnAsTheNewestScriptIsNumbered(String newest, String next) {
    assertThat(NextVersion.after(List.of("V1__first.sql", newest), Optional.empty(), NOW))
        .isEqualTo(next);
  }

  @Test
  void ordersAsFlywayDoesAndPassesOverWhatIsNoVersionedScript() {
    assertThat(
            NextVersion.after(
                List.of("V9__a.sql", "V10__b.sql", "R__view.sql", "V11.sql", "V12__c.txt"),
                Optional.empty(),
                NOW))
        .isEqualTo("11");
  }

  @Test
  void beginsWithOneOrWithATimestampWhereToldTo() {
    assertThat(NextVersion.after(List.of(), Optional.empty(), NOW)).isEqualTo("1");
    assertThat(NextVersion.after(List.of(), Optional.of(Manner.TIMESTAMP), NOW))
        .isEqualTo("20261121183005");
    assertThat(NextVersion.after(List.of("V112__a.sql"), Optional.of(Manner.TIMESTAMP), NOW))
        .isEqualTo("20261121183005");
  }
}
