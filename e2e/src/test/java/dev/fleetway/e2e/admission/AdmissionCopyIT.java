package dev.fleetway.e2e.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.fleetway.e2e.tool.Command;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Where helm is there: the kept copy of the policies is what the chart makes. */
class AdmissionCopyIT {
  @BeforeEach
  void helmIsThere() {
    boolean found =
        Arrays.stream(System.getenv("PATH").split(File.pathSeparator, -1))
            .anyMatch(directory -> Files.isExecutable(Path.of(directory, "helm")));
    boolean optional = !"true".equals(System.getenv("CI"));
    assumeTrue(found || !optional, "helm is not on the PATH");
    assertThat(found).as("helm is on the PATH; with CI=true this is not skipped").isTrue();
  }

  @Test
  void theCopyOfThePoliciesIsInStepWithTheChart() throws IOException {
    String rendered = RenderedAdmission.byHelm();
    if (Boolean.getBoolean("fleetway.renew")) {
      Files.writeString(RenderedAdmission.COPY, rendered);
    }
    assertThat(Files.readString(RenderedAdmission.COPY))
        .as(
            "stale: ./mvnw -pl e2e verify -Dit.test=AdmissionCopyIT -Dfleetway.renew=true writes it"
                + " anew")
        .isEqualTo(rendered);
  }

  @Test
  void saysWhatToDoOnAKubernetesThatCannotCompareVersions() {
    Command.Result result = RenderedAdmission.template("1.33.9");

    assertThat(result.succeeded()).isFalse();
    assertThat(result.errors())
        .contains("admission.codeVersion.enabled needs Kubernetes 1.34 or newer")
        .contains("this is v1.33.9");
  }
}
