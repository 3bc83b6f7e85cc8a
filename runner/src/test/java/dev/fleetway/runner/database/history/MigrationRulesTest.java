package dev.fleetway.runner.database.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.fleetway.api.pod.Assignment;
import dev.fleetway.runner.pod.PermanentError;
import java.util.List;
import org.flywaydb.core.api.MigrationVersion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.semver4j.Semver;

class MigrationRulesTest {
  @ParameterizedTest
  @CsvSource({
    "2.14.0, 2.14.0, true",
    "2.13.9, 2.14.0, false",
    "2.14.1, 2.14.0, true",
    "10.0.0, 9.0.0, true",
    "2.14.0-rc.1, 2.14.0, false",
    "2.14.0-rc.10, 2.14.0-rc.9, true",
    "2.14.0+build.1, 2.14.0+build.2, true",
    "2.14.0, 2.14.0+build.2, true",
  })
  void codeVersionsCompareByPrecedence(String running, String floor, boolean admitted) {
    assertThat(rules(running, null, null).admits(new Semver(floor))).isEqualTo(admitted);
  }

  @Test
  void withoutACodeVersionNothingIsChecked() {
    assertThat(rules(null, null, null).admits(new Semver("99.0.0"))).isTrue();
  }

  @Test
  void versionsAreReadHoweverTheyAreWritten() {
    assertThat(rules(null, "1_01", null).baseline()).contains(MigrationVersion.fromVersion("1.1"));
  }

  @Test
  void whatIsNoVersionIsAnInvalidConfiguration() {
    assertThatExceptionOfType(PermanentError.class)
        .isThrownBy(() -> rules(null, "latest", null))
        .withMessageContaining("migrations.baselineVersion");
    assertThatExceptionOfType(PermanentError.class)
        .isThrownBy(() -> rules(null, null, List.of("current")))
        .withMessageContaining("migrations.realignChecksums");
    assertThatExceptionOfType(PermanentError.class)
        .isThrownBy(() -> rules("2.14", null, null))
        .withMessageContaining("migrations.codeVersion");
  }

  private static MigrationRules rules(String codeVersion, String baseline, List<String> realign) {
    return MigrationRules.of(
        new Assignment.Migrations("sha256:", "3", baseline, null, false, realign, codeVersion),
        MigrationVersion.fromVersion("3"));
  }
}
