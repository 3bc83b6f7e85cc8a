package dev.fleetway.cli.tenant.imports;

import dev.fleetway.cli.command.FleetwayCommand;
import dev.fleetway.cli.command.Session;
import dev.fleetway.cli.command.TableOutput;
import dev.fleetway.cli.exit.CommandFailure;
import dev.fleetway.cli.exit.ExitCode;
import dev.fleetway.cli.output.Listing;
import dev.fleetway.cli.tenant.imports.ImportRow.Action;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tenants import}. */
@Command(
    name = "import",
    description = {
      "Creates and updates Tenants, and the Secrets with their logins, from a CSV or JSON file or a"
          + " SQL query.",
      "Columns: name, host and database; port, schema, role, sslmode, state if there are such;"
          + " username and password, unless --secret-name-column. Nothing is written before"
          + " everything is checked. Nothing is ever deleted.",
      ""
    },
    footer = {
      "",
      "Example:",
      "  fleetway tenants import --csv fleet.csv --label tier=plan --dry-run",
      "  fleetway tenants import --jdbc-url jdbc:postgresql://master.db.svc/saas --jdbc-user reader \\",
      "    --query 'SELECT slug AS name, db_host AS host, db_name AS database, secret FROM customers' \\",
      "    --secret-name-column secret"
    })
public final class ImportTenantsCommand extends FleetwayCommand {
  private static final int SHOWN_PROBLEMS = 20;
  private static final int SHOWN_NAMES = 10;

  @ArgGroup(exclusive = false)
  private SourceOptions source = new SourceOptions();

  @Option(
      names = "--column",
      paramLabel = "FIELD=COLUMN",
      description = "The column of the source that holds a field, where it is called otherwise.")
  private Map<String, String> columns = new LinkedHashMap<>();

  @Option(
      names = "--label",
      paramLabel = "KEY=COLUMN",
      description = "A label of the Tenants, and the column that holds its value.")
  private Map<String, String> labels = new LinkedHashMap<>();

  @Option(
      names = "--secret-name-column",
      paramLabel = "COLUMN",
      description =
          "The column that names the Secret of each tenant. Somebody else fills it, such as External"
              + " Secrets: no password is read, no Secret is written.")
  private String secretNameColumn;

  @Option(
      names = "--secret-name",
      paramLabel = "NAME",
      defaultValue = "{name}-db",
      description =
          "Name of the Secrets that are written; {name} is the tenant's. Default: ${DEFAULT-VALUE}.")
  private String secretName;

  @Option(
      names = "--password-command",
      paramLabel = "COMMAND",
      description =
          "Decrypts what the password column holds: it goes to stdin of this shell command, the"
              + " password comes from its stdout. $$FLEETWAY_TENANT is the tenant's name.")
  private String passwordCommand;

  @Option(
      names = "--dry-run",
      description = "Show what would change, as the API server sees it; write nothing.")
  private boolean dryRun;

  @Option(
      names = "--force-conflicts",
      description = "Take over fields that somebody else has set since.")
  private boolean force;

  @Mixin private final TableOutput output = new TableOutput();

  ImportTenantsCommand(Session session) {
    super(session);
  }

  @Override
  protected ExitCode execute() {
    if (secretNameColumn != null && passwordCommand != null) {
      throw CommandFailure.usage(
          "--password-command and --secret-name-column exclude each other: with the latter no"
              + " password is read");
    }
    List<ImportedTenant> tenants = understood(source.read());
    FleetImport fleet = new FleetImport(cluster(), force);
    FleetImport.Plan plan = fleet.plan(tenants);
    if (!dryRun) {
      apply(fleet, tenants, plan);
    }
    Listing.of(ImportRow.class, plan.rows())
        .column("NAME", ImportRow::name)
        .column("ACTION", ImportRow::action, row -> row.isNews() ? "bold" : "")
        .column("SECRET", ImportRow::secret)
        .column("CHANGES", row -> String.join("; ", row.changes()))
        .print(console(), output.format());
    summary(plan);
    return ExitCode.OK;
  }

  /** Everything was tried out: what fails now is the cluster, or somebody who was faster. */
  private static void apply(
      FleetImport fleet, List<ImportedTenant> tenants, FleetImport.Plan plan) {
    try {
      fleet.apply(tenants, plan);
    } catch (CommandFailure e) {
      throw new CommandFailure(
          e.exitCode(),
          e.getMessage() + ". Some tenants are written: run the same import again, it goes on",
          e);
    }
  }

  private List<ImportedTenant> understood(SourceTable table) {
    Mapping.Result result =
        new Mapping(columns, labels, Optional.ofNullable(secretNameColumn), secretName).read(table);
    List<String> problems = result.problems();
    if (problems.size() == 1) {
      throw CommandFailure.usage(problems.get(0) + ". Nothing was written");
    }
    if (!problems.isEmpty()) {
      problems.stream().limit(SHOWN_PROBLEMS).forEach(line -> console().err().println(line));
      throw CommandFailure.usage(
          table.name() + " has " + problems.size() + " problems. Nothing was written");
    }
    result.warnings().forEach(console()::warn);
    return passwordCommand == null
        ? result.tenants()
        : result.tenants().stream().map(new PasswordCommand(passwordCommand)::decrypt).toList();
  }

  private void summary(FleetImport.Plan plan) {
    console()
        .talk(
            "%s%d %s: %d %s, %d %s, %d unchanged"
                .formatted(
                    dryRun ? "dry run, nothing was written. " : "",
                    plan.rows().size(),
                    plan.rows().size() == 1 ? "tenant" : "tenants",
                    count(plan, Action.create),
                    dryRun ? "to create" : "created",
                    plan.rows().stream().filter(ImportRow::isNews).count()
                        - count(plan, Action.create),
                    dryRun ? "to change" : "changed",
                    plan.rows().stream().filter(row -> !row.isNews()).count()));
    if (!plan.gone().isEmpty()) {
      console()
          .warn(
              "of earlier imports, not in this source and left as they are: "
                  + plan.gone().stream().limit(SHOWN_NAMES).collect(Collectors.joining(", "))
                  + (plan.gone().size() > SHOWN_NAMES
                      ? " and " + (plan.gone().size() - SHOWN_NAMES) + " more"
                      : ""));
    }
  }

  private static long count(FleetImport.Plan plan, Action action) {
    return plan.rows().stream().filter(row -> row.action() == action).count();
  }
}
