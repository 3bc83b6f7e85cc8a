package dev.fleetway.runner.database.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetway.api.v1alpha1.TenantReason;
import dev.fleetway.runner.bundle.Bundle;
import dev.fleetway.runner.bundle.Placeholders;
import dev.fleetway.runner.bundle.Script;
import dev.fleetway.runner.bundle.SharedScripts;
import dev.fleetway.runner.database.history.Precheck.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.flywaydb.core.api.MigrationVersion;
import org.junit.jupiter.api.Test;

class PrecheckTest {
  private static final Bundle BUNDLE =
      new Bundle("sha256:", Stream.of("1", "2", "3").map(PrecheckTest::script).toList());

  @Test
  void everythingIsPendingForAnEmptyHistory() {
    assertThat(check("3")).isEqualTo(new Verdict.Pending(versions("1", "2", "3")));
  }

  @Test
  void onlyWhatIsBetweenTheHistoryAndTheHeadIsPending() {
    assertThat(check("2", row("1"))).isEqualTo(new Verdict.Pending(versions("2")));
  }

  @Test
  void aHistoryAtTheHeadIsCurrent() {
    assertThat(check("3", row("1"), row("2"), row("3"))).isEqualTo(new Verdict.Current(null, null));
  }

  @Test
  void oneThatIsFurtherIsAhead() {
    assertThat(reason(check("2", row("1"), row("2"), row("3"))))
        .isEqualTo(TenantReason.AheadOfTarget);
    assertThat(reason(check("3", row("1"), row("2"), row("3"), row("4"))))
        .isEqualTo(TenantReason.AheadOfBundle);
  }

  @Test
  void oneThatIsFurtherButLacksAVersionIsOutOfOrder() {
    assertThat(reason(check("3", row("1"), row("3")))).isEqualTo(TenantReason.OutOfOrder);
    assertThat(reason(check("3", row("1"), row("2"), row("4")))).isEqualTo(TenantReason.OutOfOrder);
  }

  @Test
  void anAppliedVersionThatTheBundleLacksIsMissing() {
    assertThat(reason(check("3", row("1"), row("1.5"), row("2"), row("3"))))
        .isEqualTo(TenantReason.MissingScript);
  }

  @Test
  void anotherChecksumIsAMismatchAlsoAboveTheTarget() {
    Verdict verdict = check("1", row("1"), row("2"), entry("3", "SQL", 99, true));

    assertThat(reason(verdict)).isEqualTo(TenantReason.ChecksumMismatch);
    assertThat(((Verdict.Refused) verdict).failure().message()).contains("3", "99", "33");
  }

  @Test
  void aVersionThatWasNoScriptWhenItWasAppliedIsInNoBundle() {
    Verdict verdict = check("3", row("1"), row("2"), entry("3", "JDBC", 33, true));

    assertThat(reason(verdict)).isEqualTo(TenantReason.MissingScript);
    assertThat(((Verdict.Refused) verdict).version()).isEqualTo(MigrationVersion.fromVersion("3"));
    assertThat(((Verdict.Refused) verdict).failure().message())
        .isEqualTo("version 3 was applied as JDBC, and a bundle holds only SQL scripts");
    assertThat(reason(check("3", row("1"), row("2"), row("3"), entry("4", "CUSTOM", 4, true))))
        .isEqualTo(TenantReason.MissingScript);
  }

  @Test
  void aTypeThatIsNoWordOfFlywaysIsNotRepeated() {
    Verdict verdict = check("1", entry("1", "ada@row.test", 11, true));

    assertThat(((Verdict.Refused) verdict).failure().message())
        .contains("an unknown type")
        .doesNotContain("ada");
  }

  @Test
  void aFailedEntryComesBeforeAllElse() {
    Verdict verdict = check("3", entry("1", "SQL", 99, true), entry("2", "SQL", 22, false));

    assertThat(reason(verdict)).isEqualTo(TenantReason.FailedMigrationEntry);
    assertThat(((Verdict.Refused) verdict).version()).isEqualTo(MigrationVersion.fromVersion("2"));
  }

  @Test
  void aDeletedEntryIsPendingAgain() {
    assertThat(check("3", row("1"), row("2"), row("3"), entry("3", "DELETE", 33, true)))
        .isEqualTo(new Verdict.Pending(versions("3")));
  }

  @Test
  void nothingBelowABaselineIsPending() {
    assertThat(check("3", entry("2", "BASELINE", null, true)))
        .isEqualTo(new Verdict.Pending(versions("3")));
  }

  @Test
  void flywaysSchemaMarkerIsNoScriptButARepeatableOneIs() {
    assertThat(check("1", entry(null, "SCHEMA", null, true), row("1")))
        .isEqualTo(new Verdict.Current(null, null));
    assertThat(reason(check("1", row("1"), entry(null, "SQL", 7, true))))
        .isEqualTo(TenantReason.MissingScript);
  }

  @Test
  void whatIsOutOfOrderIsPendingWhereTheRunAdmitsIt() {
    MigrationRules rules =
        new MigrationRules(version("3"), Optional.empty(), true, Set.of(), Optional.empty());

    assertThat(check(rules, history(row("1"), row("3"))))
        .isEqualTo(new Verdict.Pending(versions("2")));
  }

  @Test
  void onlyAListedVersionIsRealignedAndNoOtherDifferenceIsAccepted() {
    MigrationRules rules =
        new MigrationRules(
            version("3"), Optional.empty(), false, Set.of(version("2")), Optional.empty());
    History edited = history(row("1"), entry("2", "SQL", 99, true), row("3"));

    assertThat(check(rules, edited)).isEqualTo(new Verdict.Current(null, null));
    assertThat(new Precheck(BUNDLE, rules).realignments(edited))
        .containsExactly(new Realignment(2, version("2"), 99, 22));
    assertThat(reason(check(rules, history(entry("1", "SQL", 99, true)))))
        .isEqualTo(TenantReason.ChecksumMismatch);
    assertThat(reason(check(rules, history(row("1"), entry("2", "JDBC", 99, true)))))
        .isEqualTo(TenantReason.MissingScript);
    assertThat(new Precheck(BUNDLE, rules).realignments(history(row("1"), row("2")))).isEmpty();
  }

  @Test
  void aSchemaWithoutHistoryIsAdoptedAtTheBaselineOnly() {
    MigrationRules rules =
        new MigrationRules(
            version("3"), Optional.of(version("2")), false, Set.of(), Optional.empty());

    assertThat(check(rules, History.UNADOPTED)).isEqualTo(new Verdict.Pending(versions("3")));
    assertThat(check(rules, History.EMPTY)).isEqualTo(new Verdict.Pending(versions("1", "2", "3")));
    assertThat(reason(check(MigrationRules.upTo(version("3")), History.UNADOPTED)))
        .isEqualTo(TenantReason.HistoryMissing);
  }

  @Test
  void aBaselineAtTheHeadStillHasToBeWritten() {
    MigrationRules rules =
        new MigrationRules(
            version("3"), Optional.of(version("7")), false, Set.of(), Optional.empty());

    assertThat(check(rules, History.UNADOPTED)).isEqualTo(new Verdict.Pending(List.of()));
  }

  private static Verdict check(MigrationRules rules, History history) {
    return new Precheck(BUNDLE, rules)
        .check(
            history,
            SharedScripts.of(BUNDLE, rules.head(), Placeholders.of(null))
                .forTenant("acme", "db", "public"));
  }

  private static MigrationVersion version(String text) {
    return MigrationVersion.fromVersion(text);
  }

  private static Verdict check(String head, History.Entry... rows) {
    return check(MigrationRules.upTo(version(head)), history(rows));
  }

  private static History history(History.Entry... rows) {
    List<History.Entry> entries = new ArrayList<>();
    for (History.Entry row : rows) {
      entries.add(
          new History.Entry(
              entries.size() + 1,
              row.version(),
              row.description(),
              row.type(),
              row.checksum(),
              row.millis(),
              row.success()));
    }
    return new History(entries);
  }

  private static TenantReason reason(Verdict verdict) {
    return verdict instanceof Verdict.Current current
        ? current.reason()
        : ((Verdict.Refused) verdict).failure().reason();
  }

  private static List<MigrationVersion> versions(String... versions) {
    return Stream.of(versions).map(MigrationVersion::fromVersion).toList();
  }

  /** A row as Flyway writes it for {@link #script}. */
  private static History.Entry row(String version) {
    return entry(version, "SQL", checksum(version), true);
  }

  private static History.Entry entry(
      String version, String type, Integer checksum, boolean success) {
    return new History.Entry(
        0,
        version == null ? null : MigrationVersion.fromVersion(version),
        "words",
        type,
        checksum,
        1,
        success);
  }

  private static Script script(String version) {
    return new Script(
        "V" + version + "__words.sql",
        MigrationVersion.fromVersion(version),
        "words",
        "SELECT 1;",
        checksum(version),
        Optional.empty(),
        Optional.empty());
  }

  private static int checksum(String version) {
    return version.contains(".") ? 15 : Integer.parseInt(version) * 11;
  }
}
