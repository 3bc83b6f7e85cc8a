package dev.fleetway.runner.bundle;

import static dev.fleetway.runner.bundle.BundleParserTest.file;
import static dev.fleetway.runner.bundle.BundleParserTest.parse;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.fleetway.runner.pod.PermanentError;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SharedScriptsTest {
  @Test
  void whatIsTheSameForAllTenantsIsParsedOnce() {
    Bundle bundle =
        parse(
            file("V1__a.sql", "SELECT '${plan}';"),
            file("V2__b.sql", "SELECT '${fleetway.tenant}';"));
    SharedScripts scripts = shared(bundle, Map.of("plan", "gold"));
    TenantScripts acme = scripts.forTenant("acme", "db", "public");
    TenantScripts bolt = scripts.forTenant("bolt", "db", "public");

    Script same = bundle.scripts().get(0);
    Script own = bundle.scripts().get(1);

    assertThat(acme.parsed(same)).isSameAs(bolt.parsed(same));
    assertThat(sql(acme, same)).isEqualTo("SELECT 'gold'");
    assertThat(sql(acme, own)).isEqualTo("SELECT 'acme'");
    assertThat(sql(bolt, own)).isEqualTo("SELECT 'bolt'");
  }

  @Test
  void withoutPlaceholdersTheTextStaysAsItIs() {
    Bundle bundle = parse(file("V1__a.sql", "SELECT '${fleetway.tenant} ${';"));

    assertThat(sql(shared(bundle, null).forTenant("acme", "db", "public"), bundle.scripts().get(0)))
        .isEqualTo("SELECT '${fleetway.tenant} ${'");
  }

  @Test
  void aVersionedChecksumIsOfTheTextAndARepeatableOneOfTheValuesToo() {
    Bundle bundle = parse(file("V1__a.sql", "SELECT '${x}';"), file("R__r.sql", "SELECT '${x}';"));
    Script versioned = bundle.scripts().get(0);
    Script repeatable = bundle.repeatables().get(0);
    TenantScripts one = shared(bundle, Map.of("x", "1")).forTenant("acme", "db", "public");
    TenantScripts two = shared(bundle, Map.of("x", "2")).forTenant("acme", "db", "public");

    assertThat(one.checksum(versioned))
        .isEqualTo(two.checksum(versioned))
        .isEqualTo(versioned.checksum());
    assertThat(one.checksum(repeatable)).isNotEqualTo(two.checksum(repeatable));
    assertThat(one.checksum(repeatable)).isEqualTo(FlywayText.checksum("R__r.sql", "SELECT '1';"));
  }

  @Test
  void aRepeatableChecksumDiffersFromTenantToTenantWhereTheTextDoes() {
    Bundle bundle =
        parse(file("V1__a.sql", "SELECT 1;"), file("R__r.sql", "-- ${FLEETWAY.tenant}"));
    SharedScripts scripts = shared(bundle, Map.of());

    assertThat(scripts.forTenant("acme", "db", "s").checksum(bundle.repeatables().get(0)))
        .isNotEqualTo(scripts.forTenant("bolt", "db", "s").checksum(bundle.repeatables().get(0)));
  }

  @Test
  void anUnknownPlaceholderIsNamedWithFileAndLineBeforeAnyTenant() {
    Bundle bundle =
        parse(
            file("V1__a.sql", "SELECT '${a}';\nSELECT '${b}', '${A}';\n\n${c}"),
            file("V2__later.sql", "${d}"),
            file("R__r.sql", "\n${e"));

    assertThatExceptionOfType(PermanentError.class)
        .isThrownBy(
            () ->
                SharedScripts.of(
                    bundle,
                    bundle.scripts().get(0).version(),
                    Placeholders.of(Map.of("a", "${not again}"))))
        .withMessage(
            "V1__a.sql:2: no value for ${b}: add it to migrations.placeholders;"
                + " V1__a.sql:4: no value for ${c}: add it to migrations.placeholders;"
                + " R__r.sql:2: ${ without an end")
        .returns(PermanentError.INVALID_BUNDLE, PermanentError::reason);
  }

  @Test
  void namesThatDifferOnlyInCaseAreRefused() {
    assertThatExceptionOfType(PermanentError.class)
        .isThrownBy(() -> Placeholders.of(Map.of("a", "1", "A", "2")))
        .withMessageContaining("regard to case");
  }

  @Test
  void aValueIsNotReadAgainAndMayHoldAnyCharacter() {
    Bundle bundle = parse(file("V1__a.sql", "SELECT '${a}${flyway:filename}';"));

    assertThat(
            sql(
                shared(bundle, Map.of("a", "$1 \\ ${a} ")).forTenant("acme", "db", "public"),
                bundle.scripts().get(0)))
        .isEqualTo("SELECT '$1 \\ ${a} V1__a.sql'");
  }

  private static SharedScripts shared(Bundle bundle, Map<String, String> values) {
    return SharedScripts.of(bundle, bundle.newest(), Placeholders.of(values));
  }

  private static String sql(TenantScripts scripts, Script script) {
    return scripts.parsed(script).statements().get(0).sql();
  }
}
