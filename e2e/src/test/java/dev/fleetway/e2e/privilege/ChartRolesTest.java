package dev.fleetway.e2e.privilege;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetway.e2e.tool.SourceTree;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ChartRolesTest {
  static Stream<Path> manifests() throws IOException {
    try (Stream<Path> files = Files.list(SourceTree.file("helm/golden"))) {
      return files.sorted().toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("manifests")
  void theChartGrantsNothingOnSecretsAndNothingByWildcard(Path manifests) throws IOException {
    String text = Files.readString(manifests, StandardCharsets.UTF_8);

    assertThat(ChartRoles.rolesIn(text).values())
        .isNotEmpty()
        .allSatisfy(
            granted ->
                assertThat(granted)
                    .isNotEmpty()
                    .noneMatch(
                        access ->
                            access.toString().contains("*")
                                || access.resource().startsWith("secrets")));
  }
}
