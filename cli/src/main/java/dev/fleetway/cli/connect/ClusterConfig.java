package dev.fleetway.cli.connect;

import dev.fleetway.cli.exit.CommandFailure;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Where the cluster is and who asks, found as kubectl finds it.
 *
 * @param client the client's configuration
 * @param source the kubeconfig, for messages; empty in a pod
 */
record ClusterConfig(Config client, Optional<String> source) {
  private static final String DISABLE_HOST_CHECK =
      "jdk.internal.httpclient.disableHostnameVerification";
  private static final String KEY_ROUNDS = "keystore.pkcs12.keyPbeIterationCount";
  private static final Pattern NAMESPACE = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");
  private static final int CONNECT_MILLIS = 10_000;
  private static final int RETRIES = 2;

  static ClusterConfig of(GlobalOptions options) {
    Optional<Kubeconfig> kubeconfig = Kubeconfig.read(files(options));
    Config found = kubeconfig.map(file -> from(file, options)).orElseGet(() -> ofPod(options));
    ConfigBuilder config =
        new ConfigBuilder(found)
            // else the builder reads the ordinary kubeconfig again and adds its user to this one
            .withAutoConfigure(false)
            .withConnectionTimeout(CONNECT_MILLIS)
            // one request at a time gains nothing from HTTP/2, and its classes take long to load
            .withHttp2Disable(true)
            .withRequestRetryBackoffLimit(RETRIES)
            .withUserAgent("fleetway");
    options.namespace().map(ClusterConfig::checked).ifPresent(config::withNamespace);
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
    // The client keeps its key in a key store in memory, encrypted under a known word: ten thousand
    // rounds of that, twice, protect nothing and take a fifth of the start.
    System.setProperty(KEY_ROUNDS, "1");
    return new ClusterConfig(config.build(), kubeconfig.map(Kubeconfig::source));
  }

  private static List<Path> files(GlobalOptions options) {
    if (options.kubeconfig().isEmpty()) {
      return Config.getKubeconfigFilenames().stream()
          .filter(name -> !name.isEmpty())
          .map(Path::of)
          .toList();
    }
    Path file = options.kubeconfig().get();
    if (!Files.isReadable(file) || Files.isDirectory(file)) {
      throw CommandFailure.usage("the kubeconfig " + file + " cannot be read: check --kubeconfig");
    }
    return List.of(file);
  }

  private static Config from(Kubeconfig kubeconfig, GlobalOptions options) {
    Config config = Config.empty();
    kubeconfig.writeTo(config, options.context());
    // proxies, for one
    Config.configFromSysPropsOrEnvVars(config);
    return config;
  }

  private static Config ofPod(GlobalOptions options) {
    options
        .context()
        .ifPresent(
            context -> {
              throw CommandFailure.usage("no context " + context + ": " + noKubeconfig(options));
            });
    Config config = Config.autoConfigure(null);
    boolean somewhere =
        !config.getMasterUrl().startsWith(Config.DEFAULT_MASTER_URL)
            || config.getAutoOAuthToken() != null;
    if (!somewhere) {
      throw CommandFailure.usage(
          "no cluster: this is no pod, and "
              + noKubeconfig(options)
              + ". Name one with --kubeconfig, or set KUBECONFIG");
    }
    if (config.getAutoOAuthToken() != null) {
      // Each time anew: the kubelet renews it.
      config.setOauthTokenProvider(
          () -> Token.checked(Config.autoConfigure(null).getAutoOAuthToken(), "the pod's account"));
    }
    return config;
  }

  private static String noKubeconfig(GlobalOptions options) {
    return files(options).stream()
        .map(Path::toString)
        .collect(Collectors.joining(" and ", "there is no kubeconfig in ", ""));
  }

  private static String checked(String namespace) {
    if (!NAMESPACE.matcher(namespace).matches()) {
      throw CommandFailure.usage(
          "-n "
              + namespace
              + " is no name of a namespace: it has lower-case letters, digits and - only");
    }
    return namespace;
  }
}
