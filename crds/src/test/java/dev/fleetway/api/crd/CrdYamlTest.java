package dev.fleetway.api.crd;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.CustomResource;
import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CrdYamlTest {
  static Iterable<Class<? extends CustomResource<?, ?>>> types() {
    return CrdYaml.types();
  }

  @ParameterizedTest
  @MethodSource("types")
  void checkedInYamlIsWhatTheTypesGenerate(Class<? extends CustomResource<?, ?>> type)
      throws IOException {
    String generated = CrdYaml.generate(type);
    if (Boolean.getBoolean(CrdYaml.REGENERATE_PROPERTY)) {
      Files.createDirectories(CrdYaml.file(type).getParent());
      Files.writeString(CrdYaml.file(type), generated);
    }
    assertThat(CrdYaml.checkedIn(type))
        .as("%s is stale; regenerate it: %s", CrdYaml.file(type), CrdYaml.REGENERATE_COMMAND)
        .isEqualTo(generated);
  }
}
