package dev.fleetway.e2e.chart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetway.e2e.tool.Command;
import dev.fleetway.e2e.tool.Helm;
import dev.fleetway.e2e.tool.SourceTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What helm makes of the chart, for each file of values in {@code helm/fleetway/ci}. */
@ExtendWith(Helm.Gate.class)
class ChartRenderingIT {
  private static final Path VALUES = SourceTree.file("helm/fleetway/ci");
  private static final Path GOLDEN = SourceTree.file("helm/golden");

  /** Commands of the pages that {@link #rendersWhatThePagesTellToInstall} tries. */
  static final String RENDERED = "helm install ";

  /** Flags that {@code helm template} does not know, or that ask for a cluster. */
  private static final List<String> OF_A_CLUSTER =
      List.of("--wait", "--create-namespace", "--reset-then-reuse-values");

  private static final String SUFFIX = "-values.yaml";
  private static final String REGENERATE =
      "./mvnw -pl e2e -am verify -DskipTests=false -Dtest=NONE"
          + " -Dsurefire.failIfNoSpecifiedTests=false -Dit.test=ChartRenderingIT"
          + " -Dfailsafe.failIfNoSpecifiedTests=false -Dfleetway.regenerate=true";

  static Stream<String> situations() throws IOException {
    try (Stream<Path> files = Files.list(VALUES)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(SUFFIX))
          .map(name -> name.substring(0, name.length() - SUFFIX.length()))
          .sorted()
          .toList()
          .stream();
    }
  }

  @ParameterizedTest
  @MethodSource("situations")
  void rendersAsTheGoldenFileShows(String situation) throws IOException {
    Command.Result result = Helm.template("-f", values(situation));
    assertThat(result.succeeded()).as(result.errors()).isTrue();
    String rendered =
        "# Generated from helm/fleetway/ci/"
            + situation
            + SUFFIX
            + " by ChartRenderingIT -Dfleetway.regenerate=true; do not edit\n"
            + withoutSchemas(result.output())
                .replaceAll("password: \\w{24}", "password: at-random");
    Path golden = GOLDEN.resolve(situation + ".yaml");
    if (Boolean.getBoolean("fleetway.regenerate")) {
      Files.writeString(golden, rendered);
    }
    assertThat(rendered)
        .as("what the chart makes of %s changed: look at it, then run %s", situation, REGENERATE)
        .isEqualTo(Files.exists(golden) ? Files.readString(golden) : "");
  }

  @Test
  void everyGoldenFileHasItsValues() throws IOException {
    try (Stream<Path> files = Files.list(GOLDEN)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrderElementsOf(situations().map(name -> name + ".yaml").toList());
    }
  }

  @ParameterizedTest
  @MethodSource("situations")
  void passesHelmsStrictLint(String situation) {
    Command.Result result =
        Helm.run("lint", "--strict", "--kube-version=1.34", Helm.CHART, "-f", values(situation));

    assertThat(result.succeeded()).as(result.output() + result.errors()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "operator.replica=2|'replica' not allowed",
        "watchNamespace=team-a|'watchNamespace' not allowed",
        "operator.leaderElection=sometimes|got string, want boolean",
        "operator.resources.limit.cpu=1|'limit' not allowed",
        "operator.resources.limits.memory=512MB|does not match pattern",
        "operator.resources.limits.cpu=-1|minimum",
        "operator.podLabels.app\\.kubernetes\\.io/name=mine|/operator/podLabels",
        "commonLabels.app\\.kubernetes\\.io/instance=mine|/commonLabels",
        "commonLabels.a b=c|/commonLabels",
        "operator.tolerations[0].effects=NoSchedule|'effects' not allowed",
        "operator.affinity.nodeAffinities.a=b|'nodeAffinities' not allowed",
        "operator.topologySpreadConstraints[0].topologyKey=zone|missing properties",
        "operator.podDisruptionBudget.minAvailable=1|'minAvailable' not allowed",
        "operator.podDisruptionBudget.maxUnavailable=0|maxUnavailable",
        "operator.priorityClassName=High|does not match pattern",
        "runner.image.digest=sha256:short|does not match pattern",
        "runner.image.pullPolicy=Always|'pullPolicy' not allowed",
        "runner.podLabels.fleetway\\.dev/run=mine|/runner/podLabels",
        "runner.podAnnotations.job-name=mine|/runner/podAnnotations",
        "runner.nodeSelector.pool=a b|does not match pattern",
        "image.registri=mirror.acme.example|'registri' not allowed",
        "image.registry=mirror.acme.example/|does not match pattern",
        "crds.instal=true|'instal' not allowed",
        "clusterRoles.aggregated=true|'aggregated' not allowed",
        "uninstallCheck.enable=true|'enable' not allowed",
        "test.image=postgres|'image' not allowed",
        "networkPolicy.enable=true|'enable' not allowed",
        "networkPolicy.databases.to[0].cidr=10.0.0.0/8|'cidr' not allowed",
        "networkPolicy.apiServer.cidrs={10.0.0.1}|does not match pattern",
        "imagePullSecrets={login}|got string, want object",
        "watchAllNamespaces=true,watchNamespaces={a}|exclude each other",
        "operator.replicas=2,operator.leaderElection=false|needs operator.leaderElection",
        "runner.namespaces={a}|for watchAllNamespaces only"
      })
  void refusesValuesThatMeanNothing(String values, String complaint) {
    Command.Result result = Helm.template("--set", values);

    assertThat(result.succeeded()).as(result.output()).isFalse();
    assertThat(result.errors()).contains(complaint);
  }

  static Stream<String> documentedInstallations() {
    return Stream.concat(
        PageCommands.thatBegin(RENDERED), PageCommands.of("docs/security.md").stream());
  }

  @ParameterizedTest
  @MethodSource("documentedInstallations")
  void rendersWhatThePagesTellToInstall(String command) {
    List<String> words = PageCommands.words(command);
    assertThat(words).startsWith("helm").contains("fleetway", Helm.RELATIVE);
    String[] flags =
        words.stream().skip(4).filter(word -> !OF_A_CLUSTER.contains(word)).toArray(String[]::new);

    Command.Result result = Helm.template(flags);

    assertThat(result.succeeded()).as(result.errors()).isTrue();
  }

  @Test
  void rendersTheValuesThatThePagesShow(@TempDir Path directory) throws IOException {
    assertThat(PageCommands.values()).isNotEmpty();
    for (String values : PageCommands.values()) {
      Path file = Files.writeString(directory.resolve("values.yaml"), values);

      Command.Result result = Helm.template("-f", file.toString());

      assertThat(result.succeeded()).as(values + result.errors()).isTrue();
    }
  }

  @Test
  void aReleaseForOneNamespaceNeedsNothingOfTheCluster() {
    String manifests = Helm.template("-f", values("one-namespace")).output();

    assertThat(manifests).contains("kind: Role\n").doesNotContain("kind: Cluster", "kind: Custom");
  }

  @Test
  void refusesAKubernetesWithoutSelectableFields() {
    Command.Result result =
        Helm.run("template", "fleetway", Helm.CHART, "--kube-version", "1.30.9");

    assertThat(result.succeeded()).isFalse();
    assertThat(result.errors()).contains("incompatible with Kubernetes v1.30.9");
  }

  static String values(String situation) {
    return VALUES.resolve(situation + SUFFIX).toString();
  }

  /** The CRDs are checked in elsewhere: of them, only what the chart adds. */
  private static String withoutSchemas(String manifests) {
    List<String> documents =
        Arrays.asList(manifests.split("(?m)^---\\n", -1)).stream()
            .map(
                document ->
                    document.contains("\nkind: CustomResourceDefinition\n")
                        ? document.replaceFirst("(?s)\\nspec:.*", "\n# spec: see crds/yaml\n")
                        : document)
            .toList();
    return documents.stream().collect(Collectors.joining("---\n"));
  }
}
