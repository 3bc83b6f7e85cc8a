package dev.fleetway.cli.tenant;

import dev.fleetway.api.v1alpha1.Tenant;
import dev.fleetway.api.v1alpha1.TenantSpec.State;
import dev.fleetway.cli.command.FleetwayCommand;
import dev.fleetway.cli.command.Session;
import dev.fleetway.cli.command.TenantLabels;
import dev.fleetway.cli.exit.CommandFailure;
import dev.fleetway.cli.exit.ExitCode;
import dev.fleetway.cli.output.Listing;
import dev.fleetway.cli.output.OutputFormat;
import dev.fleetway.cli.tenant.CodeCheck.Verdict;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.semver4j.Semver;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code check-code-version}. */
@Command(
    name = "check-code-version",
    description = {
      "Answers whether a version of the application works on the tenants' schemas: whether it is at"
          + " or above the minCompatibleCodeVersion of each. Prints those where it does not.",
      "As init container of the application it is the boot guard (a sample), before a rollback the"
          + " gate (--all). It needs to get and list Tenants, nothing else.",
      "Where there is no tenant to check a sample says yes, or the application of a new fleet could"
          + " never start; --all says no, for a gate over nothing is none.",
      ""
    },
    footer = {"", "Example:", "  fleetway check-code-version --code-version 2.14.0 --all"})
public final class CheckCodeVersionCommand extends FleetwayCommand {
  private static final long SAMPLED_FROM = 500;

  @Option(
      names = "--code-version",
      paramLabel = "VERSION",
      required = true,
      description = "The version of the application, such as 2.14.0.")
  private String version;

  @ArgGroup private Extent extent;

  /** How many tenants. */
  static final class Extent {
    @Option(
        names = "--sample",
        paramLabel = "COUNT",
        description =
            "This many Active tenants at random, out of the first 500. Default: 10. A tenant that was"
                + " never migrated is warned of.")
    private Integer sample;

    @Option(
        names = "--all",
        description =
            "Every Active and ReadOnly tenant; one that was never migrated makes the answer no.")
    private boolean all;
  }

  @Mixin private final TenantLabels labels = new TenantLabels();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      defaultValue = "table",
      description =
          "One of ${COMPLETION-CANDIDATES}. json, yaml and csv have every tenant that was checked."
              + " Default: ${DEFAULT-VALUE}.")
  private OutputFormat format;

  CheckCodeVersionCommand(Session session) {
    super(session);
  }

  @Override
  protected ExitCode execute() {
    Semver code = Semver.parse(version);
    if (code == null) {
      throw CommandFailure.usage(
          "--code-version " + version + " is no version: it must be like 2.14.0");
    }
    boolean all = extent != null && extent.all;
    List<CodeCheck> checked =
        chosen(all).stream().map(tenant -> CodeCheck.of(tenant, code)).toList();
    List<CodeCheck> told =
        format == OutputFormat.TABLE
            ? checked.stream().filter(check -> check.verdict() != Verdict.Works).toList()
            : checked;
    if (format != OutputFormat.TABLE || !told.isEmpty()) {
      Listing.of(CodeCheck.class, told)
          .column("NAME", CodeCheck::name)
          .column("STATE", CodeCheck::state)
          .column("VERSION", CodeCheck::schemaVersion)
          .column("NEEDS", CodeCheck::minCompatibleCodeVersion)
          .column("VERDICT", CodeCheck::verdict, check -> "red")
          .print(console(), format);
    }
    return answer(checked, all);
  }

  private ExitCode answer(List<CodeCheck> checked, boolean all) {
    long tooOld = checked.stream().filter(check -> check.verdict() == Verdict.TooOld).count();
    long unknown = checked.stream().filter(check -> check.verdict() == Verdict.Unknown).count();
    String extentText = checked.size() + (all ? " tenants" : " sampled tenants");
    if (checked.isEmpty()) {
      return nobody(all);
    }
    if (tooOld > 0) {
      console()
          .talk(
              "no: %s is too old for %d of %s. Deploy what the column NEEDS says, or newer"
                  .formatted(version, tooOld, extentText));
      return ExitCode.NO;
    }
    if (unknown > 0) {
      String what =
          unknown + " of " + extentText + " were never migrated by a run: nothing is known of them";
      if (all) {
        console().talk("no: " + what + ". Run a migration over them first");
        return ExitCode.NO;
      }
      console().warn(what);
    }
    console()
        .talk(
            unknown == checked.size()
                ? "yes: nothing that is known speaks against " + version
                : "yes: %s works on %d of %s"
                    .formatted(version, checked.size() - unknown, extentText));
    return ExitCode.OK;
  }

  /** A boot guard lets the application of a new fleet start; a gate wants an answer. */
  private ExitCode nobody(boolean all) {
    String where =
        "no tenant to check in namespace "
            + cluster().namespace()
            + (labels.query().isPresent() ? " with these labels" : "");
    if (all) {
      console().talk("no: there is " + where + ". Check -n and --selector");
      return ExitCode.NO;
    }
    console().warn("there is " + where + "; if there should be one, check -n and --selector");
    console().talk("yes: nothing that is known speaks against " + version);
    return ExitCode.OK;
  }

  private List<Tenant> chosen(boolean all) {
    if (all) {
      return new TenantChoice(cluster())
          .of(labels.query()).stream()
              .filter(tenant -> tenant.getSpec().state() != State.Suspended)
              .toList();
    }
    int count = extent == null || extent.sample == null ? 10 : extent.sample;
    if (count < 1) {
      throw CommandFailure.usage("--sample " + count + ": check at least one tenant");
    }
    // One page: a thousand pods that start do not read the whole fleet each.
    List<Tenant> page =
        new ArrayList<>(
            cluster()
                .ask(
                    () ->
                        cluster()
                            .client()
                            .resources(Tenant.class)
                            .inNamespace(cluster().namespace())
                            .withLabelSelector(labels.query().orElse(""))
                            .withField("spec.state", State.Active.name())
                            .list(new ListOptionsBuilder().withLimit(SAMPLED_FROM).build())
                            .getItems()));
    Collections.shuffle(page, new Random());
    return page.stream()
        .limit(count)
        .sorted(Comparator.comparing(tenant -> tenant.getMetadata().getName()))
        .toList();
  }
}
