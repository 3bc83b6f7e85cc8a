package dev.fleetway.api.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetway.api.testing.MarkdownPage;
import dev.fleetway.api.v1alpha1.TenantReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code docs/troubleshooting.md} has a section for each reason of a tenant, and for no other. */
class TroubleshootingPageTest {
  private static final Path PAGE = Path.of("..", "docs", "troubleshooting.md");
  private static final Pattern HINT = Pattern.compile("(?m)^(### (\\w+)\\n>).*$");
  private static final String REGENERATE =
      "./mvnw -pl crds test -Dtest=TroubleshootingPageTest -Dfleetway.regenerate=true";

  @Test
  void everyReasonHasOneSectionAndEverySectionIsAReason() {
    assertThat(MarkdownPage.of(PAGE).headings(3))
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(TenantReason.values()).map(Enum::name).toList());
  }

  @Test
  void everySectionBeginsWithTheHintOfItsReason() throws IOException {
    String page = Files.readString(PAGE);
    String expected =
        HINT.matcher(page)
            .replaceAll(
                section ->
                    Matcher.quoteReplacement(
                        section.group(1) + " " + TenantReason.valueOf(section.group(2)).hint()));
    if (Boolean.getBoolean("fleetway.regenerate")) {
      Files.writeString(PAGE, expected);
      page = expected;
    }
    assertThat(page).as("hints are stale: run %s", REGENERATE).isEqualTo(expected);
  }

  @ParameterizedTest
  @EnumSource
  void everySectionSaysWhatToDoAndWhatHappensNext(TenantReason reason) throws IOException {
    String page = Files.readString(PAGE);
    int begin = page.indexOf("### " + reason + "\n");
    int next = page.indexOf("\n##", begin);
    String section = page.substring(begin, next < 0 ? page.length() : next);

    assertThat(section).contains("\n> " + reason.hint(), "\n- **Do** ", "\n- **Next** ");
  }
}
