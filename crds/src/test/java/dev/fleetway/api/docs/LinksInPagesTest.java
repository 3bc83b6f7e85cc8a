package dev.fleetway.api.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetway.api.testing.MarkdownPage;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Links between the pages lead somewhere, down to the heading. */
class LinksInPagesTest {
  /** What the benchmarks write, which a checkout before the first measurement does not have. */
  private static final Pattern MEASURED = Pattern.compile(".*(/results/|images/benchmark-).*");

  @Test
  void everyLinkLeadsToAFileAndAHeadingThatExist() {
    List<String> broken = new ArrayList<>();
    for (MarkdownPage page : MarkdownPage.allOf(Path.of(".."))) {
      for (String link : page.links()) {
        URI target = URI.create(link);
        if (!target.isAbsolute()
            && !MEASURED.matcher(link).matches()
            && !leadsSomewhere(page, target)) {
          broken.add(page.file().getFileName() + ": " + link);
        }
      }
    }
    assertThat(broken).isEmpty();
  }

  private static boolean leadsSomewhere(MarkdownPage page, URI target) {
    Path file =
        target.getPath().isEmpty() ? page.file() : page.file().resolveSibling(target.getPath());
    return Files.exists(file)
        && (target.getFragment() == null
            || MarkdownPage.of(file).anchors().contains(target.getFragment()));
  }
}
