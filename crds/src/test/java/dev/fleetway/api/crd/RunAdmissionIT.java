package dev.fleetway.api.crd;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fleetway.api.testing.RealApiServer;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@RealApiServer
class RunAdmissionIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String NAME_RULE =
      "metadata.name: Forbidden: the name of a run becomes part of Job names: use a DNS"
          + " label of at most 40 characters (lower-case letters, digits, hyphens; no dots)";

  private static final String NODE_AFFINITY =
      "{requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions:"
          + " [{key: zone, operator: In, values: [a, b]}]}]},"
          + " preferredDuringSchedulingIgnoredDuringExecution: [{weight: 100, preference:"
          + " {matchExpressions: [{key: cores, operator: Gt, values: ['8']}]}}]}";

  private final KubernetesClient client;

  RunAdmissionIT(KubernetesClient client) {
    this.client = client;
  }

  @Test
  void theSmallestRunGetsEveryDefaultAndReadsAsInProgress() {
    Map<String, Object> stored =
        client.resource(Manifest.run("smallest").build()).create().getAdditionalProperties();
    assertThat(stored.get("spec"))
        .isEqualTo(
            yaml(
                """
                mode: Apply
                migrations: {configMapRefs: [{name: acme-migrations}], outOfOrder: false, realignChecksums: []}
                tenants: {names: [], states: [Active, ReadOnly]}
                rollout: {cohortSizes: [100], stagger: 0s, abortRate: 10%}
                execution: {concurrency: 3, shards: 1, maxConcurrencyPerServer: 3,
                            tenantTimeout: 120s, lockTimeout: 5s, retries: 2}
                gate: {mode: None, settle: 10s}
                suspend: false
                abort: false
                promote: false
                attempt: 1
                """));
    assertThat(stored.get("status")).isEqualTo(yaml("{observedGeneration: -1}"));
  }

  @Test
  void anImageAloneGetsPathAndMount() {
    Map<String, Object> stored =
        client
            .resource(
                Manifest.run("image")
                    .withYaml("spec.migrations", "{image: {reference: 'acme/sql@sha256:0'}}")
                    .build())
            .dryRun()
            .create()
            .get("spec", "migrations");
    assertThat(stored)
        .isEqualTo(
            yaml(
                "{image: {reference: 'acme/sql@sha256:0', path: /migrations, mount: Copy},"
                    + " outOfOrder: false, realignChecksums: []}"));
  }

  static Stream<Arguments> goodValues() {
    return Stream.of(
        Arguments.of("spec.attempt", "7"),
        Arguments.of("spec.suspend", "true"),
        Arguments.of("spec.targetVersion", "'105'"),
        Arguments.of("spec.targetVersion", "'2024.01_3'"),
        Arguments.of("spec.tenants.selector", "{matchLabels: {tier: gold}}"),
        Arguments.of(
            "spec.tenants.selector",
            "{matchExpressions: [{key: tier, operator: In, values: [gold, silver]}]}"),
        Arguments.of("spec.tenants.names", names(500)),
        Arguments.of("spec.tenants.states", "[ReadOnly]"),
        Arguments.of("spec.rollout.cohortSizes", "[1, 10, 1000]"),
        Arguments.of("spec.rollout.stagger", "1h30m"),
        Arguments.of("spec.rollout.stagger", "1h5s"),
        Arguments.of("spec.rollout.stagger", "90s"),
        Arguments.of("spec.rollout.abortRate", "0%"),
        Arguments.of("spec.rollout.abortRate", "100%"),
        Arguments.of("spec.mode", "Plan"),
        Arguments.of("spec.baselineVersion", "'40'"),
        Arguments.of("spec.migrations.placeholders", "{}"),
        Arguments.of("spec.migrations.placeholders", "{region: eu, tier.name: ''}"),
        Arguments.of("spec.migrations.realignChecksums", "['105', '1.2_3']"),
        Arguments.of("spec.rollout.first", "{matchLabels: {canary: 'true'}}"),
        Arguments.of("spec.rollout.orderBy", "acme.example/tier"),
        Arguments.of("spec.rollout.pauseAfter", "10000"),
        Arguments.of("spec.gate", "{mode: ReadOnly, settle: 0s}"),
        Arguments.of("spec.compatibility.codeVersion", "2.14.0-rc.1+build.7"),
        Arguments.of("spec.execution.concurrency", "64"),
        Arguments.of("spec.execution.shards", "16"),
        Arguments.of("spec.execution.retries", "0"),
        Arguments.of("spec.runner.image", "acme/runner:1"),
        Arguments.of(
            "spec.runner.resources",
            "{requests: {cpu: 1, memory: 256Mi}, limits: {cpu: 500m, memory: '1.5e9'}}"),
        Arguments.of("spec.runner.nodeSelector", "{kubernetes.io/arch: arm64, pool: ''}"),
        Arguments.of(
            "spec.runner.tolerations",
            "[{operator: Exists}, {key: acme.example/batch, operator: Equal, value: 'yes',"
                + " effect: NoExecute, tolerationSeconds: 60}]"),
        Arguments.of("spec.runner.affinity.nodeAffinity", NODE_AFFINITY),
        Arguments.of(
            "spec.runner.affinity.podAntiAffinity",
            "{requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: zone, labelSelector:"
                + " {matchLabels: {app: postgres}}}]}"),
        Arguments.of("spec.runner.priorityClassName", "system.low"),
        Arguments.of("spec.runner.imagePullSecrets", "[{name: registry-login}]"),
        Arguments.of("spec.runner.serviceAccountName", "team-runner"),
        Arguments.of("spec.runner.podLabels", "{team: db, acme.example/cost-center: '42'}"),
        Arguments.of("spec.runner.podAnnotations", "{sidecar.istio.io/inject: 'false'}"));
  }

  @Test
  void keepsEveryFieldOfARunnersPlacement() {
    Map<String, Object> affinity =
        client
            .resource(
                Manifest.run("placed")
                    .withYaml("spec.runner.affinity.nodeAffinity", NODE_AFFINITY)
                    .build())
            .dryRun()
            .create()
            .get("spec", "runner", "affinity");
    assertThat(affinity).isEqualTo(yaml("{nodeAffinity: " + NODE_AFFINITY + "}"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "fleetway.dev/run",
        "batch.kubernetes.io/job-name",
        "job-name",
        "controller-uid",
        "app.kubernetes.io/name",
        "app.kubernetes.io/managed-by"
      })
  void refusesLabelsThatSayToWhomAPodBelongs(String label) {
    assertThat(refusal("spec.runner.podLabels", "{" + label + ": mine}"))
        .isEqualTo(
            "spec.runner.podLabels: Forbidden: labels under fleetway.dev/ and batch.kubernetes.io/,"
                + " job-name, controller-uid, app.kubernetes.io/name and"
                + " app.kubernetes.io/managed-by say to whom a pod belongs: choose other names");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"fleetway.dev/ended-by", "batch.kubernetes.io/job-completion-index", "job-name"})
  void refusesAnnotationsOfTheOperatorAndTheJobController(String annotation) {
    assertThat(refusal("spec.runner.podAnnotations", "{" + annotation + ": '0'}"))
        .isEqualTo(
            "spec.runner.podAnnotations: Forbidden: annotations under fleetway.dev/ and"
                + " batch.kubernetes.io/ are the operator's and the Job controller's: choose other"
                + " names");
  }

  @ParameterizedTest
  @ValueSource(strings = {"podLabels", "podAnnotations", "nodeSelector"})
  void refusesNamesThatNoLabelCanHave(String map) {
    for (String name : List.of("a b", "a/b/c", "Acme.example/a", "-a", "a".repeat(64))) {
      assertThat(refusal("spec.runner." + map, "{'" + name + "': x}"))
          .as(name)
          .startsWith("spec.runner: Invalid value: ")
          .contains("the name of a label or annotation is at most 63");
    }
  }

  @ParameterizedTest
  @MethodSource("goodValues")
  void acceptsWhatIsInsideTheBounds(String path, String yaml) {
    create(Manifest.run("good").withYaml(path, yaml));
  }

  @Test
  void acceptsANameOf40Characters() {
    create(Manifest.run("a".repeat(40)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"v1.05", "a23456789b123456789c123456789d1234567890x"})
  void refusesNamesThatDoNotFitIntoJobNames(String name) {
    assertThat(Refusal.of(() -> create(Manifest.run(name)))).isEqualTo(NAME_RULE);
  }

  @Test
  void refusesARunThatStartsAborted() {
    assertThat(refusal("spec.abort", "true"))
        .isEqualTo("spec.abort: Forbidden: a new run cannot start aborted: leave spec.abort out");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{}", "{image: {reference: acme/sql}, configMapRefs: [{name: acme-migrations}]}"})
  void refusesNoSourceAndTwoSources(String migrations) {
    assertThat(refusal("spec.migrations", migrations))
        .isEqualTo("spec.migrations: Forbidden: name exactly one source: image or configMapRefs");
  }

  static Stream<Arguments> badValues() {
    String duration = "should match '^([0-9]{1,4}h";
    String rate = "should match '^(100|[1-9]?[0-9])%$'";
    return Stream.of(
        Arguments.of("spec.attempt", "0", "should be greater than or equal to 1"),
        Arguments.of("spec.attempt", "-1", "should be greater than or equal to 1"),
        Arguments.of("spec.attempt", "10000", "should be less than or equal to 9999"),
        Arguments.of(
            "spec.mode",
            "Undo",
            "Unsupported value: \"Undo\": supported values: \"Apply\", \"Plan\""),
        Arguments.of("spec.baselineVersion", "''", "should be at least 1 chars long"),
        Arguments.of("spec.migrations.placeholders", "{'a b': c}", "the name of a placeholder"),
        Arguments.of(
            "spec.migrations.placeholders", "{fleetway.tenant: c}", "fleetway. are reserved"),
        Arguments.of("spec.migrations.realignChecksums", "[v1]", "should match"),
        Arguments.of("spec.rollout.orderBy", "'a b'", "should match"),
        Arguments.of("spec.rollout.pauseAfter", "0", "should be greater than or equal to 1"),
        Arguments.of("spec.gate.mode", "Hard", "supported values: \"None\", \"ReadOnly\""),
        Arguments.of("spec.gate.settle", "10", "must be of type string"),
        Arguments.of("spec.compatibility.codeVersion", "'2.14'", "should be at least 5"),
        Arguments.of("spec.compatibility.codeVersion", "'02.14.0'", "should match"),
        Arguments.of("spec.execution.shards", "17", "should be less than or equal to 16"),
        Arguments.of("spec.execution.retries", "-1", "should be greater than or equal to 0"),
        Arguments.of("spec.targetVersion", "''", "should be at least 1 chars long"),
        Arguments.of("spec.targetVersion", "v105", "should match '^[0-9]+([._][0-9]+)*$'"),
        Arguments.of("spec.migrations", "{configMapRefs: []}", "should have at least 1 items"),
        Arguments.of(
            "spec.migrations",
            "{configMapRefs: [{name: a/b}]}",
            "spec.migrations.configMapRefs[0].name"),
        Arguments.of(
            "spec.migrations",
            "{image: {reference: acme/sql, path: relative}}",
            "spec.migrations.image.path in body should match '^/"),
        Arguments.of(
            "spec.migrations",
            "{image: {reference: acme/sql, path: \"/a\\nb\"}}",
            "spec.migrations.image.path in body should match '^/"),
        Arguments.of(
            "spec.migrations",
            "{image: {reference: acme/sql, mount: Volume}}",
            "supported values: \"Copy\", \"Runner\""),
        Arguments.of(
            "spec.migrations", "{image: {}}", "spec.migrations.image.reference: Required value"),
        Arguments.of(
            "spec.tenants.names", names(501), "Too many: 501: must have at most 500 items"),
        Arguments.of("spec.tenants.names", "['']", "should be at least 1 chars long"),
        Arguments.of("spec.tenants.states", "[]", "should have at least 1 items"),
        Arguments.of(
            "spec.tenants.states", "[Suspended]", "supported values: \"Active\", \"ReadOnly\""),
        Arguments.of(
            "spec.tenants.selector",
            "{matchExpressions: [{key: tier, operator: Like}]}",
            "supported values: \"In\", \"NotIn\", \"Exists\", \"DoesNotExist\""),
        Arguments.of("spec.rollout.cohortSizes", "[0]", "should be greater than or equal to 1"),
        Arguments.of(
            "spec.rollout.cohortSizes", "[1, 1001]", "should be less than or equal to 1000"),
        Arguments.of("spec.rollout.cohortSizes", "[]", "should have at least 1 items"),
        Arguments.of("spec.rollout.stagger", "''", duration),
        Arguments.of("spec.rollout.stagger", "'60'", duration),
        Arguments.of("spec.rollout.stagger", "1.5s", duration),
        Arguments.of("spec.rollout.stagger", "30s1m", duration),
        Arguments.of("spec.rollout.stagger", "-5s", duration),
        Arguments.of("spec.rollout.stagger", "1d", duration),
        Arguments.of("spec.rollout.stagger", "60", "must be of type string"),
        Arguments.of("spec.execution.tenantTimeout", "2 m", duration),
        Arguments.of("spec.execution.lockTimeout", "5S", duration),
        Arguments.of("spec.execution.concurrency", "0", "should be greater than or equal to 1"),
        Arguments.of("spec.execution.concurrency", "65", "should be less than or equal to 64"),
        Arguments.of("spec.rollout.abortRate", "10", "must be of type string"),
        Arguments.of("spec.rollout.abortRate", "'10'", rate),
        Arguments.of("spec.rollout.abortRate", "101%", rate),
        Arguments.of("spec.rollout.abortRate", "05%", rate),
        Arguments.of("spec.rollout.abortRate", "1.5%", rate),
        Arguments.of("spec.rollout.abortRate", "-1%", rate),
        Arguments.of("spec.runner.image", "''", "should be at least 1 chars long"),
        Arguments.of(
            "spec.runner.image",
            "'acme/runner:1 --debug'",
            "spec.runner.image in body should match"),
        Arguments.of(
            "spec.migrations",
            "{image: {reference: \"acme/sql\\nother\"}}",
            "spec.migrations.image.reference in body should match"),
        Arguments.of("spec.runner.nodeSelector", "{pool: 'a b'}", "should match"),
        Arguments.of("spec.runner.tolerations", "[{operator: Is}]", "\"Equal\", \"Exists\""),
        Arguments.of("spec.runner.tolerations", "[{effect: Never}]", "\"NoSchedule\""),
        Arguments.of(
            "spec.runner.affinity.podAffinity",
            "{requiredDuringSchedulingIgnoredDuringExecution: [{labelSelector: {}}]}",
            "topologyKey: Required value"),
        Arguments.of(
            "spec.runner.affinity.nodeAffinity",
            NODE_AFFINITY.replace("weight: 100", "weight: 101"),
            "should be less than or equal to 100"),
        Arguments.of("spec.runner.priorityClassName", "High", "should match"),
        Arguments.of("spec.runner.serviceAccountName", "a/b", "should match"),
        Arguments.of("spec.runner.imagePullSecrets", "[{}]", "name: Required value"),
        Arguments.of("spec.runner.podLabels", "{team: 'a b'}", "should match"),
        Arguments.of("spec.runner.podLabels", "{a: " + "x".repeat(64) + "}", "Too long"),
        Arguments.of("spec.runner.podAnnotations", "{a: " + "x".repeat(1025) + "}", "Too long"),
        Arguments.of("spec.runner.resources", "{limits: {cpu: true}}", "must be of type"),
        Arguments.of(
            "spec.runner.resources",
            "{limits: {cpu: lots}}",
            "spec.runner.resources.limits.cpu in body should match"),
        Arguments.of(
            "spec.runner.resources",
            "{requests: {memory: -1Gi}}",
            "spec.runner.resources.requests.memory in body should match"));
  }

  @ParameterizedTest
  @MethodSource("badValues")
  void refusesWhatIsOutsideTheBounds(String path, String yaml, String message) {
    assertThat(refusal(path, yaml)).startsWith(path).contains(message);
  }

  @Test
  void refusesARunWithoutABundle() {
    assertThat(refusal("spec", "{}")).contains("spec.migrations: Required value");
    assertThat(refusal("spec", "null")).contains("spec: Required value");
  }

  @Test
  void refusesARunThatPromotesWithoutAPause() {
    assertThat(refusal("spec.promote", "true"))
        .startsWith("spec.promote: Forbidden: there is nothing to promote");
    create(Manifest.run("promoted").with("spec.rollout.pauseAfter", 1).with("spec.promote", true));
  }

  @Test
  void refusesAPlanThatWouldChangeOrPause() {
    Manifest plan = Manifest.run("plan").with("spec.mode", "Plan");
    assertThat(Refusal.of(() -> create(plan.with("spec.gate.mode", "ReadOnly"))))
        .startsWith("spec.gate.mode: Forbidden: a run in mode Plan changes nothing");
    assertThat(Refusal.of(() -> create(plan.with("spec.rollout.pauseAfter", 1))))
        .startsWith("spec.rollout.pauseAfter: Forbidden: a run in mode Plan");
  }

  @ParameterizedTest
  @ValueSource(strings = {"spec.dryRun", "spec.rollout.maxSurge", "spec.execution.niceness"})
  void dropsFieldsThatDoNotExistYetInsteadOfStoringThem(String path) {
    assertThat(create(Manifest.run("unknown").with(path, 1)).get("spec").toString())
        .doesNotContain(path.substring(path.lastIndexOf('.') + 1));
  }

  private String refusal(String path, String yaml) {
    return Refusal.of(() -> create(Manifest.run("bad").withYaml(path, yaml)));
  }

  private Map<String, Object> create(Manifest manifest) {
    return client.resource(manifest.build()).dryRun().create().getAdditionalProperties();
  }

  private static String names(int count) {
    return IntStream.rangeClosed(1, count).mapToObj(i -> "t" + i).toList().toString();
  }

  private static Object yaml(String yaml) {
    return JSON.convertValue(Manifest.yaml(yaml), Map.class);
  }
}
