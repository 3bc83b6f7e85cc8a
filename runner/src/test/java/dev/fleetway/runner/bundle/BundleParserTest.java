package dev.fleetway.runner.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.fleetway.runner.pod.PermanentError;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.flywaydb.core.api.MigrationVersion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BundleParserTest {
  @Test
  void ordersScriptsByVersionAndNotByName() {
    Bundle bundle =
        parse(file("V10__ten.sql", "SELECT 1;"), file("V9__nine_words.sql", "SELECT 1;"));

    assertThat(bundle.scripts())
        .extracting(script -> script.version().getVersion())
        .containsExactly("9", "10");
    assertThat(bundle.scripts().get(0).description()).isEqualTo("nine words");
    assertThat(bundle.newest().getVersion()).isEqualTo("10");
  }

  @Test
  void theDigestIsPinnedAndIgnoresDirectoriesAndOrder() {
    String expected = "sha256:9f12f7a12a1d62d685595c171e6083fd78c57015576bc430b224ca8c2706c1f1";

    assertThat(parse(file("V1__a.sql", "SELECT 1;"), file("V2__b.sql", "SELECT 2;")).digest())
        .isEqualTo(expected);
    assertThat(parse(file("1/V2__b.sql", "SELECT 2;"), file("0/V1__a.sql", "SELECT 1;")).digest())
        .isEqualTo(expected);
  }

  @Test
  void theDigestSeesNamesContentsAndWhereOneFileEnds() {
    assertThat(
            Stream.of(
                    parse(file("V1__a.sql", "SELECT 1;")),
                    parse(file("V1__b.sql", "SELECT 1;")),
                    parse(file("V1__a.sql", "SELECT 1; ")),
                    parse(
                        file("V1__a.sql", "SELECT 1;"),
                        file("V1__a.sql.conf", "executeInTransaction=true")))
                .map(Bundle::digest))
        .doesNotHaveDuplicates();
  }

  @Test
  void aMinCompatibleCodeVersionThatIsTooLongForAStatusIsRefused() {
    String header = "-- fleetway:minCompatibleCodeVersion=1.0.0-";

    assertThat(
            parse(file("V1__a.sql", header + "a".repeat(58) + "\nSELECT 1;"))
                .scripts()
                .get(0)
                .minCompatibleCodeVersion())
        .isPresent();
    assertThat(problem(file("V1__a.sql", header + "a".repeat(59) + "\nSELECT 1;")))
        .contains("V1__a.sql:1: minCompatibleCodeVersion has more than 64 characters")
        .doesNotContain("aaa");
  }

  @Test
  void anEmptyBundleIsAnError() {
    assertThat(problem()).contains("holds no file");
  }

  @ParameterizedTest
  @CsvSource({
    "afterMigrate.sh, not an SQL script",
    "README.md, not an SQL script",
    ".gitkeep, not an SQL script",
    "U1__a.sql, undo scripts",
    "B1__a.sql, baseline scripts",
    "R__.sql, two underscores",
    "r__view.sql, two underscores",
    "U__view.sql, two underscores",
    "beforeMigrate.sql, callbacks",
    "afterEachMigrate__x.sql, callbacks",
    "V1_a.sql, two underscores",
    "V1__.sql, two underscores",
    "v1__a.sql, two underscores",
    "V1x__a.sql, two underscores",
    "V1.__a.sql, two underscores",
  })
  void refusesEverythingButVersionedScriptsByName(String name, String why) {
    assertThat(problem(file("sub/" + name, ""), file("V1__fine.sql", "SELECT 1;")))
        .contains("sub/" + name)
        .contains(why);
  }

  @Test
  void aVersionMayOccurOnceHoweverItIsWritten() {
    assertThat(problem(file("0/V1.1__a.sql", "SELECT 1;"), file("1/V1_01__b.sql", "SELECT 1;")))
        .contains("0/V1.1__a.sql and 1/V1_01__b.sql have the same version");
  }

  @Test
  void aFileNameMayOccurOnce() {
    assertThat(problem(file("0/V1__a.sql", "SELECT 1;"), file("1/V1__a.sql", "SELECT 1;")))
        .contains("0/V1__a.sql and 1/V1__a.sql have the same file name");
  }

  @Test
  void repeatableScriptsComeAfterTheVersionedOnesByDescription() {
    Bundle bundle =
        parse(
            file("R__b_view.sql", "SELECT 2;"),
            file("sub/R__a.sql", "SELECT 1;"),
            file("V1__t.sql", "SELECT 0;"));

    assertThat(bundle.scripts()).hasSize(1);
    assertThat(bundle.repeatables()).extracting(Script::description).containsExactly("a", "b view");
    assertThat(bundle.repeatables()).allMatch(Script::isRepeatable);
  }

  @Test
  void aRepeatableScriptCountsForTheDigest() {
    assertThat(parse(file("V1__a.sql", "SELECT 1;"), file("R__v.sql", "SELECT 1;")).digest())
        .isNotEqualTo(
            parse(file("V1__a.sql", "SELECT 1;"), file("R__v.sql", "SELECT 2;")).digest());
  }

  @Test
  void repeatableScriptsAloneHaveNoHead() {
    assertThat(problem(file("R__v.sql", "SELECT 1;"))).contains("no versioned script");
  }

  @Test
  void twoRepeatableScriptsWithOneDescriptionAreRefused() {
    assertThat(
            problem(
                file("R__a_b.sql", "SELECT 1;"),
                file("R__a b.sql", "SELECT 1;"),
                file("V1__t.sql", "SELECT 1;")))
        .contains("R__a b.sql and R__a_b.sql have the same description a b");
  }

  @Test
  void aRepeatableScriptHasNoFloor() {
    assertThat(
            problem(
                file("R__v.sql", "-- fleetway:minCompatibleCodeVersion=1.0.0\nSELECT 1;"),
                file("V1__t.sql", "SELECT 1;")))
        .contains("R__v.sql: minCompatibleCodeVersion belongs into a versioned script");
  }

  @Test
  void saysEverythingThatIsWrongAtOnce() {
    assertThat(problem(file("a.sh", ""), file("b.txt", ""))).contains("a.sh").contains("b.txt");
  }

  @Test
  void readsTheHeader() {
    Bundle bundle =
        parse(
            file("V1__a.sql", "-- words\n\n--fleetway:minCompatibleCodeVersion=2.14.0\nSELECT 1;"),
            file("V2__b.sql", "-- fleetway:minCompatibleCodeVersion = 3.0.0-rc.1\nSELECT 1;"));

    assertThat(bundle.scripts())
        .extracting(script -> script.minCompatibleCodeVersion().orElseThrow().getVersion())
        .containsExactly("2.14.0", "3.0.0-rc.1");
  }

  @ParameterizedTest
  @CsvSource({
    "-- fleetway:minCompatibleCodeVersion=2.14, 'V1__a.sql:2: minCompatibleCodeVersion needs'",
    "-- fleetway:minCompatibleCodeVersion, 'V1__a.sql:2: minCompatibleCodeVersion needs'",
    "-- fleetway:minCompatibleCode=2.14.0, 'V1__a.sql:2: unknown fleetway header'",
  })
  void aMalformedHeaderIsRefusedWithFileAndLine(String header, String problem) {
    assertThat(problem(file("V1__a.sql", "-- words\n" + header + "\nSELECT 1;"))).contains(problem);
  }

  @Test
  void aHeaderBelowTheFirstStatementOrTwiceIsRefused() {
    String header = "-- fleetway:minCompatibleCodeVersion=2.14.0\n";

    assertThat(problem(file("V1__a.sql", "SELECT 1;\n" + header))).contains("V1__a.sql:2: ");
    assertThat(problem(file("V1__a.sql", header + header))).contains("V1__a.sql:2: ");
  }

  @Test
  void aConfMaySetExecuteInTransactionOnly() {
    Bundle bundle =
        parse(
            file("V1__a.sql", "SELECT 1;"),
            file("V1__a.sql.conf", "# why\nexecuteInTransaction = false\n"));

    assertThat(bundle.scripts().get(0).executeInTransaction()).contains(false);
    assertThat(
            problem(
                file("V1__a.sql", "SELECT 1;"),
                file("V1__a.sql.conf", "executeInTransaction=false\nshouldExecute=false")))
        .contains("V1__a.sql.conf:2: ");
    assertThat(problem(file("V1__a.sql", "SELECT 1;"), file("V2__b.sql.conf", "")))
        .contains("there is no V2__b.sql");
  }

  @Test
  void textThatIsNotUtf8IsRefused() {
    BundleFile latin1 =
        new BundleFile("V1__a.sql", "SELECT 'é'".getBytes(StandardCharsets.ISO_8859_1));

    assertThat(problem(latin1)).contains("V1__a.sql: is not UTF-8");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.1", "1_1", "1.01"})
  void findsTheTargetHoweverItIsWritten(String target) {
    assertThat(parse(file("V1.1__a.sql", "SELECT 1;")).head(Optional.of(target)))
        .isEqualTo(MigrationVersion.fromVersion("1.1"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"3", "latest", "current", ""})
  void anUnknownTargetListsTheVersionsThatExist(String target) {
    Bundle bundle = parse(file("V1__a.sql", "SELECT 1;"), file("V2__b.sql", "SELECT 1;"));

    assertThatExceptionOfType(PermanentError.class)
        .isThrownBy(() -> bundle.head(Optional.of(target)))
        .withMessageContaining("1, 2")
        .returns("InvalidBundle", PermanentError::reason);
  }

  static BundleFile file(String path, String text) {
    return new BundleFile(path, text.getBytes(StandardCharsets.UTF_8));
  }

  static Bundle parse(BundleFile... files) {
    return BundleParser.parse(List.of(files));
  }

  private static String problem(BundleFile... files) {
    try {
      parse(files);
    } catch (PermanentError e) {
      assertThat(e.reason()).isEqualTo("InvalidBundle");
      return e.getMessage();
    }
    throw new AssertionError("the bundle was accepted");
  }
}
