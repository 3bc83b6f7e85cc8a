package dev.fleetway.cli.migration;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.fleetway.api.pod.TerminationMessage.BundleReport;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.CodeFloor;
import dev.fleetway.cli.command.FleetwayCommand;
import dev.fleetway.cli.command.Session;
import dev.fleetway.cli.exit.CommandFailure;
import dev.fleetway.cli.exit.ExitCode;
import dev.fleetway.cli.output.Documents;
import dev.fleetway.cli.output.Markup;
import dev.fleetway.runner.bundle.BundleInspection;
import dev.fleetway.runner.bundle.BundleReader;
import dev.fleetway.runner.pod.PermanentError;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.semver4j.Semver;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code migrations inspect DIR}. */
@Command(
    name = "inspect",
    description = {
      "Shows what a run would make of a directory: digest, versions, what it declares, warnings; and"
          + " whether it is expand (run it first, then deploy) or contract (deploy first, then run it)"
          + " for a version of the application.",
      ""
    },
    footer = {"", "Example:", "  fleetway migrations inspect migrations --code-version 2.13.0"})
final class InspectCommand extends FleetwayCommand {
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

  @Parameters(paramLabel = "DIR", description = "The directory with the scripts.")
  private Path directory;

  @Option(
      names = "--code-version",
      paramLabel = "VERSION",
      description = "The version of the application that runs now.")
  private String codeVersion;

  @Option(
      names = "--target-version",
      paramLabel = "VERSION",
      description = "Up to this migration. Default: the newest.")
  private String target;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = "One of ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
  private Format format;

  InspectCommand(Session session) {
    super(session);
  }

  /**
   * A bundle as programs read it.
   *
   * @param digest its identity, as a run reports it in status.bundleDigest
   * @param headVersion the version that tenants reach
   * @param scripts how many scripts there are, the repeatable ones included
   * @param versions the newest, newest first, at most 10
   * @param codeFloors where the oldest usable application version rises, newest first, at most 10
   * @param pattern {@code expand} or {@code contract}; absent without a code version
   * @param warnings about scripts, at most 10
   */
  @JsonPropertyOrder({
    "digest",
    "headVersion",
    "scripts",
    "versions",
    "codeFloors",
    "pattern",
    "warnings"
  })
  record BundleView(
      String digest,
      String headVersion,
      int scripts,
      List<String> versions,
      List<CodeFloor> codeFloors,
      String pattern,
      List<String> warnings) {}

  @Override
  protected ExitCode execute() {
    if (codeVersion != null && Semver.parse(codeVersion) == null) {
      throw CommandFailure.usage(
          "--code-version " + codeVersion + " is no version: it must be like 2.14.0");
    }
    BundleReport report = report();
    Optional<CodeFloor> floor = report.codeFloors().stream().findFirst();
    BundleView view =
        new BundleView(
            report.digest(),
            report.headVersion(),
            report.scripts(),
            report.newestVersions(),
            report.codeFloors(),
            codeVersion == null ? null : pattern(floor),
            report.warnings());
    switch (format) {
      case TEXT -> text(view, floor);
      case JSON -> console().data(Documents.json(view));
      case YAML -> console().data(Documents.yaml(view));
    }
    return ExitCode.OK;
  }

  private BundleReport report() {
    if (!Files.isDirectory(directory)) {
      throw CommandFailure.usage("there is no directory " + directory);
    }
    try {
      return BundleInspection.report(BundleReader.read(directory), Optional.ofNullable(target));
    } catch (PermanentError e) {
      throw new CommandFailure(ExitCode.USAGE, e.reason() + ": " + e.getMessage(), e);
    }
  }

  private String pattern(Optional<CodeFloor> floor) {
    return floor.isPresent()
            && new Semver(codeVersion).isLowerThan(floor.get().minCompatibleCodeVersion())
        ? "contract"
        : "expand";
  }

  private void text(BundleView view, Optional<CodeFloor> floor) {
    line("digest", view.digest());
    line("head", view.headVersion());
    line("scripts", String.valueOf(view.scripts()));
    line("newest", String.join(", ", view.versions()));
    for (CodeFloor rise : view.codeFloors()) {
      line(
          "needs code",
          rise.minCompatibleCodeVersion() + " or newer from version " + rise.version() + " on");
    }
    if (view.codeFloors().isEmpty()) {
      line("needs code", "any: no script declares fleetway:minCompatibleCodeVersion");
    }
    if (view.pattern() != null) {
      line(
          "pattern",
          view.pattern().equals("expand")
              ? "expand: run it first, then deploy; "
                  + codeVersion
                  + " works before and after, as far as the scripts declare it"
              : "contract: deploy "
                  + floor.map(CodeFloor::minCompatibleCodeVersion).orElse("")
                  + " or newer first, then run it; "
                  + codeVersion
                  + " does not work afterwards");
    }
    view.warnings().forEach(console()::warn);
  }

  private void line(String label, String value) {
    console()
        .styledData(Markup.styled("bold", "%-11s".formatted(label)) + " " + Markup.plain(value));
  }
}
