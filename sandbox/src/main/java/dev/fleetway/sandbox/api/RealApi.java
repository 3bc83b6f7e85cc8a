package dev.fleetway.sandbox.api;

import io.fabric8.kubeapitest.KubeAPIServer;
import io.fabric8.kubeapitest.KubeAPIServerConfigBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A kube-apiserver with etcd from binaries on this machine. It has no controllers. */
final class RealApi implements ApiEndpoint {
  private static final Pattern VERSION = Pattern.compile("^(\\d+\\.\\d+\\.\\d+)-.+$");

  private final KubeAPIServer server;
  private final String version;

  private RealApi(KubeAPIServer server, String version) {
    this.server = server;
    this.version = version;
  }

  static RealApi start(Path binaries, Map<String, String> flags) {
    String version = newestVersion(binaries.resolve("k8s"));
    KubeAPIServer server =
        new KubeAPIServer(
            KubeAPIServerConfigBuilder.anAPIServerConfig()
                .withTestDir(binaries.toString())
                .withApiServerVersion(version)
                // the binaries are here: the other mode asks the internet for an index of them
                .withOfflineMode(true)
                .withUpdateKubeConfig(false)
                .withApiServerFlags(
                    flags.entrySet().stream()
                        .map(flag -> "--" + flag.getKey() + "=" + flag.getValue())
                        .toList())
                .build());
    server.start();
    RealApi api = new RealApi(server, version);
    try (var client = api.newClient()) {
      CustomResources.install(client);
    }
    return api;
  }

  private static String newestVersion(Path directory) {
    try (Stream<Path> versions = Files.list(directory)) {
      return versions
          .map(path -> VERSION.matcher(path.getFileName().toString()))
          .filter(Matcher::matches)
          .map(matcher -> matcher.group(1))
          .max(Comparator.comparing(Runtime.Version::parse))
          .orElseThrow(
              () -> new IllegalStateException("no kube-apiserver binaries in " + directory));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String kubeconfig() {
    return server.getKubeConfigYaml();
  }

  @Override
  public String description() {
    return "kube-apiserver " + version;
  }

  @Override
  public void close() {
    server.stop();
  }
}
