package dev.fleetway.cli.tenant;

import dev.fleetway.api.v1alpha1.Condition;
import dev.fleetway.api.v1alpha1.Tenant;
import dev.fleetway.api.v1alpha1.TenantSpec.Database;
import dev.fleetway.api.v1alpha1.TenantStatus;
import dev.fleetway.api.v1alpha1.TenantStatus.LastPlan;
import dev.fleetway.api.v1alpha1.TenantStatus.LastRun;
import dev.fleetway.cli.command.FleetwayCommand;
import dev.fleetway.cli.command.Session;
import dev.fleetway.cli.exit.ExitCode;
import dev.fleetway.cli.output.Documents;
import dev.fleetway.cli.output.Markup;
import dev.fleetway.cli.output.Times;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tenants show NAME}. */
@Command(
    name = "show",
    description = {
      "Shows one tenant: where its data lies, what its last run did and what is wrong.",
      ""
    },
    footer = {"", "Example:", "  fleetway tenants show acme"})
final class ShowTenantCommand extends FleetwayCommand {
  /** What {@code -o} accepts here. */
  enum Format {
    TEXT,
    JSON,
    YAML;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Parameters(paramLabel = "NAME", description = "The tenant.")
  private String name;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      defaultValue = "text",
      description =
          "One of ${COMPLETION-CANDIDATES}; json and yaml are the Tenant itself. Default:"
              + " ${DEFAULT-VALUE}.")
  private Format format;

  ShowTenantCommand(Session session) {
    super(session);
  }

  @Override
  protected ExitCode execute() {
    Tenant tenant = new TenantChoice(cluster()).of(List.of(name), Optional.empty()).get(0);
    tenant.getMetadata().setManagedFields(null);
    switch (format) {
      case TEXT -> text(tenant);
      case JSON -> console().data(Documents.json(tenant));
      case YAML -> console().data(Documents.yaml(tenant));
    }
    return ExitCode.OK;
  }

  private void text(Tenant tenant) {
    Database database = tenant.getSpec().database();
    Optional<TenantStatus> status = Optional.ofNullable(tenant.getStatus());
    line("name", tenant.getMetadata().getName());
    line("labels", joined(tenant.getMetadata().getLabels()));
    line("state", tenant.getSpec().state() + why(tenant.getMetadata().getAnnotations()));
    line("access", status.map(TenantStatus::access).map(Enum::name).orElse(null));
    line("server", database.server());
    line("database", database.name());
    line("schema", database.schema());
    line("secret", database.credentialsSecretRef().name());
    line("version", status.map(TenantStatus::schemaVersion).orElse(null));
    line("oldest code", status.map(TenantStatus::minCompatibleCodeVersion).orElse(null));
    status.map(TenantStatus::lastRun).ifPresent(this::lastRun);
    status.map(TenantStatus::lastPlan).ifPresent(this::lastPlan);
    status.map(TenantStatus::conditions).stream()
        .flatMap(List::stream)
        .filter(condition -> condition.type().equals("Ready"))
        .forEach(this::ready);
  }

  private String why(Map<String, String> annotations) {
    if (annotations == null || !annotations.containsKey(StateEvents.REASON)) {
      return "";
    }
    String who = annotations.get(StateEvents.WHO);
    return " since %s%s: %s"
        .formatted(
            Times.parse(annotations.get(StateEvents.TIME)).map(console()::time).orElse("?"),
            who == null ? "" : " by " + who,
            annotations.get(StateEvents.REASON));
  }

  private void lastRun(LastRun last) {
    line(
        "last run",
        "%s, attempt %d, cohort %d: %s%s"
            .formatted(
                last.name(),
                last.attempt(),
                last.cohort(),
                last.outcome(),
                last.reason() == null ? "" : " (" + last.reason() + ")"));
    line(
        "when",
        Times.parse(last.startTime())
            .map(
                start ->
                    console().time(start)
                        + (last.durationMillis() == null
                            ? ""
                            : ", took " + seconds(last.durationMillis())))
            .orElse(null));
    line("from, to", version(last.fromVersion()) + " → " + version(last.toVersion()));
    if (last.message() != null) {
      line(
          "message",
          (last.failedVersion() == null ? "" : "version " + last.failedVersion() + ": ")
              + last.message()
              + (last.sqlState() == null ? "" : " (SQLSTATE " + last.sqlState() + ")"));
    }
  }

  private void lastPlan(LastPlan plan) {
    line(
        "last plan",
        "%s, %s: %s pending%s"
            .formatted(
                plan.name(),
                Times.parse(plan.time()).map(console()::time).orElse("?"),
                plan.pending() == null ? "unknown" : plan.pending(),
                plan.pendingVersions().isEmpty()
                    ? ""
                    : " (" + String.join(", ", plan.pendingVersions()) + ")"));
    plan.problems()
        .forEach(problem -> line("problem", problem.reason() + ": " + problem.message()));
  }

  private void ready(Condition condition) {
    line(
        "ready",
        "%s (%s)%s"
            .formatted(
                condition.status(),
                condition.reason(),
                condition.message() == null ? "" : ": " + condition.message()));
  }

  private void line(String label, String value) {
    String shown = value == null || value.isEmpty() ? "-" : value;
    console()
        .styledData(Markup.styled("bold", "%-12s".formatted(label)) + " " + Markup.plain(shown));
  }

  private static String joined(Map<String, String> labels) {
    return labels == null
        ? null
        : labels.entrySet().stream()
            .map(entry -> entry.getKey() + "=" + entry.getValue())
            .sorted()
            .collect(Collectors.joining(", "));
  }

  private static String version(String version) {
    return version == null ? "nothing" : version;
  }

  private static String seconds(long millis) {
    return millis < 1_000 ? millis + " ms" : Times.duration(Duration.ofMillis(millis));
  }
}
