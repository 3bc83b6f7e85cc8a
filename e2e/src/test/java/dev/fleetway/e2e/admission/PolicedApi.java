package dev.fleetway.e2e.admission;

import dev.fleetway.api.testing.ApiServer;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** A real API server with one kind of the chart's admission policies: what it lets in. */
record PolicedApi(KubernetesClient client) implements AutoCloseable {
  static final String FLEET = "team-a";
  static final String SHOP = "shop";

  /** The server with the namespaces that the policies are about, and no policy yet. */
  static PolicedApi on(ApiServer server) {
    PolicedApi api = new PolicedApi(server.client(FLEET));
    for (String name : List.of(FLEET, SHOP)) {
      api.client
          .resource(new NamespaceBuilder().withNewMetadata().withName(name).endMetadata().build())
          .serverSideApply();
    }
    return api;
  }

  /** Installs the policy whose name ends so, and what binds it. */
  void install(String policy) {
    documents(policy).forEach(document -> client.resource(document).serverSideApply());
  }

  /** The policy whose name ends so, as YAML. */
  static String policy(String name) {
    return documents(name)
        .filter(document -> document.contains("\nkind: ValidatingAdmissionPolicy\n"))
        .findFirst()
        .orElseThrow();
  }

  private static Stream<String> documents(String policy) {
    try {
      return Arrays.stream(Files.readString(RenderedAdmission.COPY).split("(?m)^---$", -1))
          .filter(document -> document.contains("\n  name: fleetway-system-fleetway-" + policy));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void tryOut(HasMetadata object) {
    client.resource(object).dryRun().create();
  }

  /** What the API server says against it; null when it has no objection. */
  String refusal(HasMetadata object) {
    try {
      tryOut(object);
      return null;
    } catch (KubernetesClientException e) {
      return e.getMessage();
    }
  }

  static void patch(Resource<? extends HasMetadata> resource, String patch) {
    HasMetadata unused = resource.patch(PatchContext.of(PatchType.JSON_MERGE), patch);
  }

  @Override
  public void close() {
    client.close();
  }
}
