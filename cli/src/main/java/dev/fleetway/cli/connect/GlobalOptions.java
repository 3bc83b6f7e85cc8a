package dev.fleetway.cli.connect;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The options that every command takes, with kubectl's names and meaning. */
public final class GlobalOptions {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      order = 900,
      description = "Show this text.")
  private boolean help;

  @Option(
      names = "--kubeconfig",
      paramLabel = "FILE",
      scope = ScopeType.INHERIT,
      order = 901,
      description =
          "Where the cluster is and who you are. Default: $$KUBECONFIG, else ~/.kube/config, else the"
              + " ServiceAccount of the pod.")
  private Path kubeconfig;

  @Option(
      names = "--context",
      paramLabel = "NAME",
      scope = ScopeType.INHERIT,
      order = 902,
      description = "Context of the kubeconfig. Default: its current one.")
  private String context;

  @Option(
      names = {"-n", "--namespace"},
      paramLabel = "NAME",
      scope = ScopeType.INHERIT,
      order = 903,
      description = "The fleet's namespace. Default: that of the context.")
  private String namespace;

  @Option(
      names = "--as",
      paramLabel = "USER",
      scope = ScopeType.INHERIT,
      order = 904,
      description = "Act as this user (impersonation).")
  private String as;

  @Option(
      names = "--as-group",
      paramLabel = "GROUP",
      scope = ScopeType.INHERIT,
      order = 905,
      description = "With --as: in this group. May be given more than once.")
  private List<String> asGroup;

  @Option(
      names = {"-v", "--verbose"},
      scope = ScopeType.INHERIT,
      order = 906,
      description = "Show the stack trace of an error too.")
  private boolean verbose;

  /** As in kubectl an empty value is none: a script passes on a variable that is not set. */
  Optional<Path> kubeconfig() {
    return Optional.ofNullable(kubeconfig).filter(file -> !file.toString().isEmpty());
  }

  Optional<String> context() {
    return Optional.ofNullable(context).filter(name -> !name.isEmpty());
  }

  Optional<String> namespace() {
    return Optional.ofNullable(namespace).filter(name -> !name.isEmpty());
  }

  Optional<String> as() {
    return Optional.ofNullable(as);
  }

  List<String> asGroup() {
    return asGroup == null ? List.of() : List.copyOf(asGroup);
  }

  /** Only the help is wanted. */
  public boolean isHelp() {
    return help;
  }

  /** Show stack traces too. */
  public boolean isVerbose() {
    return verbose;
  }
}
