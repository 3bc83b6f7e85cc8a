package dev.fleetway.bench.tool;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The API server as a pod meets it: address in the environment, the token of a ServiceAccount that
 * may do what the chart's may. A kubeconfig with a client certificate would cost a start that no
 * pod pays.
 *
 * @param environment for the runner
 */
public record PodAccess(Map<String, String> environment) {
  private static final String NAME = "fleetway-runner";

  public PodAccess {
    environment = Map.copyOf(environment);
  }

  /** To a real API server. */
  public static PodAccess asServiceAccount(
      KubernetesClient client, String namespace, Path directory) throws IOException {
    admit(client, namespace);
    Files.createDirectories(directory);
    Path token = directory.resolve("token");
    Files.writeString(
        token,
        client
            .serviceAccounts()
            .inNamespace(namespace)
            .withName(NAME)
            .tokenRequest()
            .getStatus()
            .getToken());
    URL server = client.getMasterUrl();
    return new PodAccess(
        Map.of(
            "KUBERNETES_AUTH_TRYKUBECONFIG", "false",
            "KUBERNETES_SERVICE_HOST", server.getHost(),
            "KUBERNETES_SERVICE_PORT", Integer.toString(server.getPort()),
            "KUBERNETES_AUTH_SERVICEACCOUNT_TOKEN", token.toString(),
            "KUBERNETES_CERTS_CA_FILE", client.getConfiguration().getCaCertFile()));
  }

  /** To an endpoint that knows neither accounts nor permissions. */
  public static PodAccess byKubeconfig(String kubeconfig, Path directory) throws IOException {
    Path file = Files.createDirectories(directory).resolve("kubeconfig");
    Files.writeString(file, kubeconfig);
    return new PodAccess(Map.of("KUBECONFIG", file.toString()));
  }

  private static void admit(KubernetesClient client, String namespace) {
    ServiceAccount account =
        new ServiceAccountBuilder()
            .withNewMetadata()
            .withName(NAME)
            .withNamespace(namespace)
            .endMetadata()
            .build();
    Role role =
        new RoleBuilder()
            .withNewMetadata()
            .withName(NAME)
            .withNamespace(namespace)
            .endMetadata()
            .addNewRule()
            .withApiGroups("fleetway.dev")
            .withResources("tenants")
            .withVerbs("get")
            .endRule()
            .addNewRule()
            .withApiGroups("fleetway.dev")
            .withResources("tenants/status")
            .withVerbs("patch")
            .endRule()
            .build();
    RoleBinding binding =
        new RoleBindingBuilder()
            .withNewMetadata()
            .withName(NAME)
            .withNamespace(namespace)
            .endMetadata()
            .withNewRoleRef("rbac.authorization.k8s.io", "Role", NAME)
            .addNewSubject()
            .withKind("ServiceAccount")
            .withName(NAME)
            .withNamespace(namespace)
            .endSubject()
            .build();
    for (HasMetadata object : List.of(account, role, binding)) {
      client.resource(object).serverSideApply();
    }
  }
}
