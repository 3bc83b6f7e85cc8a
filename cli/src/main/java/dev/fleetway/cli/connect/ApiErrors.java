package dev.fleetway.cli.connect;

import dev.fleetway.cli.exit.CommandFailure;
import dev.fleetway.cli.exit.ExitCode;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.StatusCause;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.util.List;
import java.util.stream.Collectors;
import javax.net.ssl.SSLException;

/** What the client throws, as one line that says what to do. */
final class ApiErrors {
  private static final String STRICT = "strict decoding error: ";
  private static final int UNPROCESSABLE = 422;
  private static final int TOO_MANY_REQUESTS = 429;
  private static final String NOT_INSTALLED =
      "Fleetway is not installed in this cluster: it has no tenants and tenantmigrationruns of"
          + " fleetway.dev. Install the chart first (helm install fleetway helm/fleetway), or choose"
          + " another cluster with --context";

  private final ClusterConfig config;

  ApiErrors(ClusterConfig config) {
    this.config = config;
  }

  CommandFailure explain(KubernetesClientException e) {
    boolean passing =
        e.getCode() <= 0
            || e.getCode() == TOO_MANY_REQUESTS
            || e.getCode() >= HttpURLConnection.HTTP_INTERNAL_ERROR;
    return passing
        ? CommandFailure.passing(line(e), e)
        : new CommandFailure(ExitCode.USAGE, line(e), e);
  }

  private String line(KubernetesClientException e) {
    if (e.getCode() <= 0) {
      return unreachable(e);
    }
    return switch (e.getCode()) {
      case HttpURLConnection.HTTP_UNAUTHORIZED ->
          "the cluster at " + server() + " does not accept the login" + of() + ": log in again";
      case HttpURLConnection.HTTP_FORBIDDEN -> forbidden(e.getStatus());
      case HttpURLConnection.HTTP_NOT_FOUND ->
          isResourceTypeMissing(e.getStatus()) ? NOT_INSTALLED : message(e);
      case HttpURLConnection.HTTP_CONFLICT ->
          message(e) + "; somebody else changed it at the same time: try again";
      case UNPROCESSABLE -> refused(e);
      default -> "the cluster at " + server() + " answers " + e.getCode() + ": " + message(e);
    };
  }

  /** A missing object has a name in its details, a missing type of object does not. */
  private static boolean isResourceTypeMissing(Status status) {
    return status == null || status.getDetails() == null || status.getDetails().getName() == null;
  }

  private static String forbidden(Status status) {
    String said = status == null || status.getMessage() == null ? "forbidden" : status.getMessage();
    return "no permission: "
        + said
        + ". Ask for a Role that allows it, or choose another namespace with -n";
  }

  private static String refused(KubernetesClientException e) {
    Status status = e.getStatus();
    List<StatusCause> causes =
        status == null || status.getDetails() == null || status.getDetails().getCauses() == null
            ? List.of()
            : status.getDetails().getCauses();
    return causes.isEmpty()
        ? message(e)
        : causes.stream()
            // what follows from the others
            .filter(cause -> !"<nil>".equals(cause.getField()))
            .map(ApiErrors::cause)
            .distinct()
            .collect(Collectors.joining("; ", "the cluster refused it: ", ""));
  }

  private static String cause(StatusCause cause) {
    // The API server repeats the whole object before it.
    int strict = cause.getMessage().indexOf(STRICT);
    if (strict >= 0) {
      return cause.getMessage().substring(strict + STRICT.length());
    }
    String field = cause.getField() == null ? "" : cause.getField() + ": ";
    return field + cause.getMessage();
  }

  private String unreachable(KubernetesClientException e) {
    Throwable root = e;
    boolean network = false;
    boolean tls = false;
    boolean host = false;
    while (root.getCause() != null && root.getCause() != root) {
      root = root.getCause();
      network |= root instanceof IOException;
      tls |= root instanceof SSLException;
      host |= root instanceof UnknownHostException || root instanceof UnresolvedAddressException;
    }
    if (!network) {
      return message(e);
    }
    String why =
        tls
            ? "its certificate is not accepted"
            : host ? "its name is not known here" : "it does not answer";
    return "no cluster at "
        + server()
        + of()
        + ": "
        + why
        + ". Choose one with --kubeconfig or --context, or set KUBECONFIG";
  }

  private String server() {
    return config.client().getMasterUrl().replaceAll("/$", "");
  }

  private String of() {
    return config.source().map(file -> " (from " + file + ")").orElse("");
  }

  private static String message(KubernetesClientException e) {
    Status status = e.getStatus();
    String text =
        status != null && status.getMessage() != null ? status.getMessage() : e.getMessage();
    return text == null ? e.getClass().getSimpleName() : text.lines().findFirst().orElse("");
  }
}
