package dev.fleetway.cli.run;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fleetway.cli.command.SelectorConverter;
import dev.fleetway.cli.command.TenantLabels;
import io.fabric8.kubernetes.api.model.LabelSelector;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Who takes part, in which order and how fast. What is not given is left to the API's defaults. */
final class RolloutOptions {
  @Option(
      names = "--only",
      paramLabel = "TENANT",
      split = ",",
      description = "Only these tenants; with --selector those too. Default: all.")
  private List<String> only;

  @Mixin private final TenantLabels labels = new TenantLabels();

  @Option(
      names = "--states",
      paramLabel = "STATE",
      split = ",",
      description = "Only tenants in these states. Default: Active,ReadOnly.")
  private List<String> states;

  @Option(
      names = "--first",
      paramLabel = "LABELS",
      converter = SelectorConverter.class,
      description = "Tenants with these labels lead, in cohorts of their own.")
  private LabelSelector first;

  @Option(
      names = "--order-by",
      paramLabel = "LABEL",
      description = "Order tenants by the value of this label. Default: by name.")
  private String orderBy;

  @Option(
      names = "--cohort-sizes",
      paramLabel = "N",
      split = ",",
      description = "Tenants per cohort, such as 1,10,100; the last one repeats. Default: 100.")
  private List<Integer> cohortSizes;

  @Option(
      names = "--pause-after",
      paramLabel = "N",
      description = "Wait for fleetway promote after so many cohorts.")
  private Integer pauseAfter;

  @Option(
      names = "--stagger",
      paramLabel = "TIME",
      description = "Pause between cohorts, such as 60s. Default: none.")
  private String stagger;

  @Option(
      names = "--abort-rate",
      paramLabel = "N%",
      description = "Share of failed tenants of a cohort that stops the run. Default: 10%%.")
  private String abortRate;

  @Option(
      names = "--gate",
      description = "Keep the tenants of the cohort at work read-only until it closes.")
  private boolean gate;

  @Option(
      names = "--settle",
      paramLabel = "TIME",
      description = "With --gate: time between the gate and the Job. Default: 10s.")
  private String settle;

  @Option(
      names = "--concurrency",
      paramLabel = "N",
      description = "Tenants at a time in one pod. Default: 3.")
  private Integer concurrency;

  @Option(names = "--shards", paramLabel = "N", description = "Pods per cohort. Default: 1.")
  private Integer shards;

  @Option(
      names = "--max-concurrency-per-server",
      paramLabel = "N",
      description = "Tenants at a time on one server. Default: 3.")
  private Integer perServer;

  @Option(
      names = "--tenant-timeout",
      paramLabel = "TIME",
      description = "Time for one tenant in all. Default: 120s.")
  private String tenantTimeout;

  @Option(
      names = "--lock-timeout",
      paramLabel = "TIME",
      description = "How long a statement waits for a lock. Default: 5s.")
  private String lockTimeout;

  @Option(
      names = "--retries",
      paramLabel = "N",
      description = "How often a tenant is tried again after a failure that passes. Default: 2.")
  private Integer retries;

  @Option(
      names = "--code-version",
      paramLabel = "VERSION",
      description =
          "The application version that is running: scripts that need a newer one stop it.")
  private String codeVersion;

  /** Writes what was given into a spec. */
  void write(ObjectNode spec) {
    put(spec, "tenants", "selector", labels.selector().orElse(null));
    put(spec, "tenants", "names", only);
    put(spec, "tenants", "states", states);
    put(spec, "rollout", "first", first);
    put(spec, "rollout", "orderBy", orderBy);
    put(spec, "rollout", "cohortSizes", cohortSizes);
    put(spec, "rollout", "pauseAfter", pauseAfter);
    put(spec, "rollout", "stagger", stagger);
    put(spec, "rollout", "abortRate", abortRate);
    put(spec, "execution", "concurrency", concurrency);
    put(spec, "execution", "shards", shards);
    put(spec, "execution", "maxConcurrencyPerServer", perServer);
    put(spec, "execution", "tenantTimeout", tenantTimeout);
    put(spec, "execution", "lockTimeout", lockTimeout);
    put(spec, "execution", "retries", retries);
    put(spec, "gate", "mode", gate ? "ReadOnly" : null);
    put(spec, "gate", "settle", settle);
    put(spec, "compatibility", "codeVersion", codeVersion);
  }

  /** Made when it is needed: every start creates the options, few use them. */
  private static final class Json {
    private static final ObjectMapper MAPPER = new ObjectMapper();
  }

  private static void put(ObjectNode spec, String group, String field, Object value) {
    if (value != null) {
      spec.withObjectProperty(group).set(field, Json.MAPPER.valueToTree(value));
    }
  }
}
