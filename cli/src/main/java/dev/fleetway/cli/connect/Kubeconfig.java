package dev.fleetway.cli.connect;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fleetway.cli.exit.CommandFailure;
import dev.fleetway.cli.exit.ExitCode;
import io.fabric8.kubernetes.api.model.AuthInfo;
import io.fabric8.kubernetes.api.model.Cluster;
import io.fabric8.kubernetes.api.model.Config;
import io.fabric8.kubernetes.api.model.Context;
import io.fabric8.kubernetes.api.model.ExecConfig;
import io.fabric8.kubernetes.api.model.NamedAuthInfo;
import io.fabric8.kubernetes.api.model.NamedCluster;
import io.fabric8.kubernetes.api.model.NamedContext;
import io.fabric8.kubernetes.client.internal.KubeConfigUtils;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * One kubeconfig, or several that are read as one: what an earlier one says counts.
 *
 * <p>The client merges them. It does not read them: its own reading looks for all types of
 * Kubernetes first, which takes longer than all else of a command, and drops what a login program
 * says.
 */
final class Kubeconfig {
  private final List<Path> files;
  private final List<Config> contents;

  private Kubeconfig(List<Path> files, List<Config> contents) {
    this.files = files;
    this.contents = contents;
  }

  /** Reads those that are there and not empty; without any there is none. */
  static Optional<Kubeconfig> read(List<Path> candidates) {
    List<Path> files = new ArrayList<>();
    List<Config> contents = new ArrayList<>();
    for (Path file : candidates) {
      if (Files.isRegularFile(file)) {
        parse(file.toAbsolutePath())
            .ifPresent(
                content -> {
                  files.add(file);
                  contents.add(content);
                });
      }
    }
    return files.isEmpty() ? Optional.empty() : Optional.of(new Kubeconfig(files, contents));
  }

  private static Optional<Config> parse(Path file) {
    try {
      String text = Files.readString(file);
      if (text.isBlank()) {
        return Optional.empty();
      }
      Config content =
          new KubernetesSerialization(new ObjectMapper(), false).unmarshal(text, Config.class);
      Path directory = file.getParent();
      content.getClusters().stream()
          .map(NamedCluster::getCluster)
          .forEach(
              cluster ->
                  cluster.setCertificateAuthority(
                      absolute(directory, cluster.getCertificateAuthority())));
      content.getUsers().stream()
          .map(NamedAuthInfo::getUser)
          .forEach(user -> makeAbsolute(directory, user));
      return Optional.of(content);
    } catch (IOException | RuntimeException e) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "the file " + file + " is no kubeconfig: check --kubeconfig and KUBECONFIG",
          e);
    }
  }

  private static void makeAbsolute(Path directory, AuthInfo user) {
    user.setClientCertificate(absolute(directory, user.getClientCertificate()));
    user.setClientKey(absolute(directory, user.getClientKey()));
    user.setTokenFile(absolute(directory, user.getTokenFile()));
    ExecConfig exec = user.getExec();
    // as kubectl: a name without a slash is looked for on the PATH
    if (exec != null && exec.getCommand().contains(File.separator)) {
      exec.setCommand(absolute(directory, exec.getCommand()));
    }
  }

  private static String absolute(Path directory, String file) {
    return file == null || file.isEmpty() ? file : directory.resolve(file).toString();
  }

  /** The files, for messages. */
  String source() {
    return files.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
  }

  /**
   * Writes server, login and namespace of a context into a configuration of the client.
   *
   * @param wanted the context; empty for the current one
   */
  void writeTo(io.fabric8.kubernetes.client.Config client, Optional<String> wanted) {
    Context context = context(wanted);
    requireCluster(context);
    Optional<AuthInfo> user = user(context);
    user.flatMap(Kubeconfig::token).ifPresent(client::setOauthTokenProvider);
    KubeConfigUtils.merge(client, wanted.orElse(null), contents.toArray(Config[]::new));
    if (client.getOauthTokenProvider() instanceof ExecLogin login) {
      login.certificate().ifPresent(certificate -> certificate.writeTo(client));
    }
  }

  private static Optional<io.fabric8.kubernetes.client.OAuthTokenProvider> token(AuthInfo user) {
    if (user.getToken() != null && !user.getToken().isEmpty()) {
      String token = Token.checked(user.getToken(), "the kubeconfig");
      return Optional.of(() -> token);
    }
    if (user.getTokenFile() != null && !user.getTokenFile().isEmpty()) {
      Path file = Path.of(user.getTokenFile());
      return Optional.of(() -> tokenIn(file));
    }
    return Optional.ofNullable(user.getExec()).map(ExecLogin::new);
  }

  /** Each time anew: somebody renews it. */
  private static String tokenIn(Path file) {
    try {
      return Token.checked(Files.readString(file), file.toString());
    } catch (IOException e) {
      throw new CommandFailure(
          ExitCode.USAGE, "the kubeconfig's file with the token, " + file + ", cannot be read", e);
    }
  }

  private Context context(Optional<String> wanted) {
    List<NamedContext> all =
        contents.stream()
            .flatMap(content -> content.getContexts().stream())
            .filter(context -> context.getContext() != null)
            .toList();
    String known =
        all.isEmpty()
            ? "it has none"
            : "which has "
                + all.stream()
                    .map(NamedContext::getName)
                    .distinct()
                    .collect(Collectors.joining(", "));
    String name =
        wanted
            .or(
                () ->
                    contents.stream()
                        .map(Config::getCurrentContext)
                        .filter(current -> current != null && !current.isEmpty())
                        .findFirst())
            .orElseThrow(
                () ->
                    CommandFailure.usage(
                        "no current context in " + source() + ", " + known + ": say --context"));
    return all.stream()
        .filter(context -> context.getName().equals(name))
        .findFirst()
        .orElseThrow(
            () -> CommandFailure.usage("no context " + name + " in " + source() + ", " + known))
        .getContext();
  }

  private void requireCluster(Context context) {
    boolean known =
        contents.stream()
            .flatMap(content -> content.getClusters().stream())
            .filter(cluster -> cluster.getName().equals(context.getCluster()))
            .map(NamedCluster::getCluster)
            .map(Cluster::getServer)
            .anyMatch(server -> server != null && !server.isEmpty());
    if (!known) {
      throw CommandFailure.usage(
          "the context names the cluster %s, of which %s knows no server"
              .formatted(context.getCluster(), source()));
    }
  }

  private Optional<AuthInfo> user(Context context) {
    return contents.stream()
        .flatMap(content -> content.getUsers().stream())
        .filter(user -> user.getName().equals(context.getUser()))
        .map(NamedAuthInfo::getUser)
        .findFirst();
  }
}
