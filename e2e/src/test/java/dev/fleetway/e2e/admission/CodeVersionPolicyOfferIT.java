package dev.fleetway.e2e.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetway.api.testing.ApiServer;
import dev.fleetway.api.testing.RealApiServer;
import dev.fleetway.e2e.tool.Command;
import dev.fleetway.e2e.tool.Helm;
import io.fabric8.kubernetes.api.model.HasMetadata;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The chart offers the guard of Deployments exactly where the API server takes its policy. */
@RealApiServer
@ExtendWith(Helm.Gate.class)
class CodeVersionPolicyOfferIT {
  @Test
  void theChartKnowsWhichApiServerTakesThePolicy(ApiServer server) {
    Command.Result offered = RenderedAdmission.template(ApiServer.version());

    String refusal;
    try (PolicedApi api = PolicedApi.on(server)) {
      HasMetadata policy = api.client().resource(PolicedApi.policy("code-version")).item();
      // another test may have installed the one of this name
      policy.getMetadata().setName("offered");
      refusal = api.refusal(policy);
    }

    assertThat(offered.succeeded())
        .as("%s, but: %s", offered.errors(), refusal)
        .isEqualTo(refusal == null);
    if (refusal != null) {
      assertThat(refusal).contains("undeclared reference to 'isSemver'");
      assertThat(offered.errors()).contains("needs Kubernetes 1.34 or newer");
    }
  }
}
