package dev.fleetway.cli.connect;

import dev.fleetway.cli.exit.CommandFailure;
import dev.fleetway.cli.exit.ExitCode;
import io.fabric8.kubernetes.api.model.NamedContext;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** The client's configuration, found as kubectl finds it. */
final class ClusterConfig {
  private static final String DISABLE_HOST_CHECK =
      "jdk.internal.httpclient.disableHostnameVerification";
  private static final int CONNECT_MILLIS = 10_000;
  private static final int RETRIES = 2;

  private ClusterConfig() {}

  static Config of(GlobalOptions options) {
    Config found = found(options);
    options.context().ifPresent(context -> requireContext(found, context));
    ConfigBuilder config =
        new ConfigBuilder(found)
            // else the builder reads the ordinary kubeconfig again and adds its user to this one
            .withAutoConfigure(false)
            .withConnectionTimeout(CONNECT_MILLIS)
            // one request at a time gains nothing from HTTP/2, and its classes take long to load
            .withHttp2Disable(true)
            .withRequestRetryBackoffLimit(RETRIES)
            .withUserAgent("fleetway");
    options.namespace().ifPresent(config::withNamespace);
    options.as().ifPresent(config::withImpersonateUsername);
    if (!options.asGroup().isEmpty()) {
      config.withImpersonateGroups(options.asGroup().toArray(String[]::new));
    }
    if (ClientKey.isElliptic(found)) {
      config.withClientKeyAlgo("EC");
    }
    if (found.isTrustCerts()) {
      // insecure-skip-tls-verify: the JDK's client knows no other switch.
      System.setProperty(DISABLE_HOST_CHECK, "true");
    }
    return config.build();
  }

  private static Config found(GlobalOptions options) {
    String context = options.context().orElse(null);
    if (options.kubeconfig().isEmpty()) {
      return Config.autoConfigure(context);
    }
    Path file = options.kubeconfig().get();
    if (!Files.isReadable(file) || Files.isDirectory(file)) {
      throw CommandFailure.usage("the kubeconfig " + file + " cannot be read: check --kubeconfig");
    }
    String before = System.getProperty(Config.KUBERNETES_KUBECONFIG_FILE);
    // The client takes a file and a context together only in this way.
    System.setProperty(Config.KUBERNETES_KUBECONFIG_FILE, file.toString());
    try {
      return Config.autoConfigure(context);
    } catch (RuntimeException e) {
      throw new CommandFailure(
          ExitCode.USAGE, "the file " + file + " is no kubeconfig: check --kubeconfig", e);
    } finally {
      if (before == null) {
        System.clearProperty(Config.KUBERNETES_KUBECONFIG_FILE);
      } else {
        System.setProperty(Config.KUBERNETES_KUBECONFIG_FILE, before);
      }
    }
  }

  private static void requireContext(Config config, String context) {
    List<String> known = config.getContexts().stream().map(NamedContext::getName).toList();
    if (!known.contains(context)) {
      File file = config.getFile();
      throw CommandFailure.usage(
          "no context "
              + context
              + " in "
              + (file == null ? "the kubeconfig" : file)
              + (known.isEmpty()
                  ? ""
                  : known.stream().collect(Collectors.joining(", ", ", which has ", ""))));
    }
  }
}
