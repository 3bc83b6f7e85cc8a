package dev.fleetway.cli.run;

import dev.fleetway.api.v1alpha1.TenantMigrationRun;
import dev.fleetway.api.v1alpha1.TenantMigrationRunSpec.Mode;
import dev.fleetway.cli.command.FleetwayCommand;
import dev.fleetway.cli.command.Session;
import dev.fleetway.cli.exit.CommandFailure;
import dev.fleetway.cli.exit.ExitCode;
import io.fabric8.kubernetes.api.model.ConfigMap;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code run NAME}. */
@Command(
    name = "run",
    description = {
      "Creates a run that rolls the scripts of a directory or an image over the fleet.",
      "A directory is checked first by the code that inspects it in the cluster; a broken bundle"
          + " creates nothing.",
      ""
    },
    footer = {
      "",
      "Example:",
      "  fleetway run v112 --bundle ./migrations --cohort-sizes 1,10,100 --wait",
      "  fleetway run v112 --image ghcr.io/acme/migrations@sha256:... --dry-run=client -o yaml"
    })
public final class RunCommand extends FleetwayCommand {
  private static final Pattern RUN_NAME = Pattern.compile("[a-z0-9]([-a-z0-9]{0,38}[a-z0-9])?");

  @Parameters(paramLabel = "NAME", description = "Name of the run, at most 40 characters.")
  private String name;

  @Mixin private final SourceOptions source = new SourceOptions();
  @Mixin private final RolloutOptions rollout = new RolloutOptions();

  @Option(names = "--plan", description = "Look at every tenant and change nothing: mode Plan.")
  private boolean plan;

  @Option(names = "--wait", description = "Wait for the end, as fleetway wait does.")
  private boolean wait;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description = "With --wait: give up after this time, such as 45m. Default: never.")
  private Duration timeout;

  @Option(
      names = "--dry-run",
      paramLabel = "WHERE",
      arity = "0..1",
      fallbackValue = "client",
      description =
          "Create nothing. client: print the manifests, without asking the cluster. server: let the"
              + " API server judge them too.")
  private DryRun dryRun;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      description = "With --dry-run: yaml or json. Default: yaml.")
  private ManifestFormat format;

  /** Where a rehearsal ends. */
  enum DryRun {
    client,
    server
  }

  /** How manifests are printed. */
  enum ManifestFormat {
    yaml,
    json
  }

  RunCommand(Session session) {
    super(session);
  }

  @Override
  protected ExitCode execute() {
    check();
    if (source.sources() != 1) {
      throw CommandFailure.usage(
          "say where the scripts are, once: --bundle DIR, --image REF or --config-map NAME");
    }
    Optional<LocalBundle> bundle =
        source.bundle().map(dir -> LocalBundle.read(dir, source.targetVersion()));
    bundle.ifPresent(this::tell);
    List<ConfigMap> maps = bundle.map(b -> b.configMaps(name)).orElse(List.of());
    RunManifests manifests =
        RunManifests.of(name, plan ? Mode.Plan : Mode.Apply, source, rollout, maps);
    if (dryRun != null) {
      rehearse(manifests);
      return ExitCode.OK;
    }
    new RunCreation(cluster()).create(name, manifests);
    console().talk("created " + name + ". To watch it: fleetway status " + name);
    return wait ? new RunWait(cluster(), console()).await(name, timeout) : ExitCode.OK;
  }

  private void check() {
    if (!RUN_NAME.matcher(name).matches()) {
      throw CommandFailure.usage(
          name
              + " is no name for a run: it has lower-case letters, digits and -, begins and ends with"
              + " a letter or digit, and has at most 40 of them");
    }
    if (format != null && dryRun == null) {
      throw CommandFailure.usage("-o prints the manifests of --dry-run: say that too");
    }
    RunWait.requireWait(wait, timeout);
  }

  private void tell(LocalBundle bundle) {
    console()
        .talk(
            "bundle: %d scripts up to %s, %s"
                .formatted(
                    bundle.report().scripts(),
                    bundle.report().headVersion(),
                    bundle.report().digest()));
    bundle.report().warnings().forEach(console()::warn);
  }

  private void rehearse(RunManifests manifests) {
    TenantMigrationRun typed = manifests.typed();
    String namespace = null;
    if (dryRun == DryRun.server) {
      new RunCreation(cluster()).rehearse(typed, manifests);
      namespace = cluster().namespace();
    }
    console()
        .data(
            format == ManifestFormat.json ? manifests.json(namespace) : manifests.yaml(namespace));
  }
}
