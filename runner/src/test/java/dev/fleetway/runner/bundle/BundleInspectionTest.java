package dev.fleetway.runner.bundle;

import static dev.fleetway.runner.bundle.BundleParserTest.file;
import static dev.fleetway.runner.bundle.BundleParserTest.parse;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetway.api.pod.TerminationMessage.BundleReport;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.CodeFloor;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BundleInspectionTest {
  @Test
  void reportsTheNewestTenVersionsFirst() {
    Bundle bundle =
        parse(
            IntStream.rangeClosed(1, 11)
                .mapToObj(version -> file("V" + version + "__a.sql", "SELECT 1;"))
                .toArray(BundleFile[]::new));

    BundleReport report = BundleInspection.report(bundle, Optional.empty());

    assertThat(report.headVersion()).isEqualTo("11");
    assertThat(report.scripts()).isEqualTo(11);
    assertThat(report.newestVersions()).hasSize(10).startsWith("11", "10").endsWith("2");
    assertThat(report.codeFloors()).isEmpty();
  }

  @Test
  void theFloorsRiseUpToTheTarget() {
    Bundle bundle =
        parse(
            file("V1__a.sql", "-- fleetway:minCompatibleCodeVersion=2.9.0\nSELECT 1;"),
            file("V2__b.sql", "-- fleetway:minCompatibleCodeVersion=2.10.0\nSELECT 1;"),
            file("V3__c.sql", "-- fleetway:minCompatibleCodeVersion=2.1.0\nSELECT 1;"),
            file("V4__d.sql", "-- fleetway:minCompatibleCodeVersion=3.0.0\nSELECT 1;"));

    BundleReport report = BundleInspection.report(bundle, Optional.of("3"));

    assertThat(report.headVersion()).isEqualTo("3");
    assertThat(report.codeFloors())
        .containsExactly(new CodeFloor("2", "2.10.0"), new CodeFloor("1", "2.9.0"));
  }

  @Test
  void warnsOfTheNewestScriptsFirstAndOnlyUpToTheTarget() {
    Bundle bundle =
        parse(
            file("V1__a.sql", "COMMIT;"),
            file("V2__b.sql", "\nCOMMIT;"),
            file("V3__c.sql", "COMMIT;"),
            file("R__r.sql", "COMMIT;"));

    assertThat(BundleInspection.report(bundle, Optional.of("2")).warnings())
        .extracting(warning -> warning.substring(0, warning.indexOf(": ")))
        .containsExactly("V2__b.sql:2", "V1__a.sql:1", "R__r.sql:1");
  }
}
