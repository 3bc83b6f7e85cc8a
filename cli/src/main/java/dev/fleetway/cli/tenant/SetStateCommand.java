package dev.fleetway.cli.tenant;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fleetway.api.v1alpha1.Tenant;
import dev.fleetway.api.v1alpha1.TenantSpec.State;
import dev.fleetway.cli.command.Consent;
import dev.fleetway.cli.command.FleetwayCommand;
import dev.fleetway.cli.command.Session;
import dev.fleetway.cli.command.TableOutput;
import dev.fleetway.cli.command.TenantLabels;
import dev.fleetway.cli.exit.CommandFailure;
import dev.fleetway.cli.exit.ExitCode;
import dev.fleetway.cli.output.Listing;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tenants set-state}. */
@Command(
    name = "set-state",
    customSynopsis = {
      "fleetway tenants set-state NAME... STATE --reason TEXT [--yes] [-o FORMAT]",
      "       fleetway tenants set-state --selector LABELS STATE --reason TEXT [--yes] [-o FORMAT]"
    },
    description = {
      "Sets what the owner wants of tenants: Active, ReadOnly (status.access tells the application"
          + " not to write), or Suspended (left out of runs, no access).",
      "The reason, who and when become annotations of the Tenant and an Event.",
      ""
    },
    footer = {
      "",
      "Example:",
      "  fleetway tenants set-state acme globex ReadOnly --reason 'moves to pg-2 tonight'"
    })
final class SetStateCommand extends FleetwayCommand {
  private static final String STATES =
      Arrays.stream(State.values()).map(Enum::name).collect(Collectors.joining(", "));

  @Parameters(
      arity = "1..*",
      paramLabel = "NAME... STATE",
      hideParamSyntax = true,
      description = "The tenants, and at last the state: Active, ReadOnly or Suspended.")
  private List<String> words;

  @Mixin private final TenantLabels labels = new TenantLabels();

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      required = true,
      description = "Why, for those who find it so.")
  private String reason;

  @Option(
      names = {"-y", "--yes"},
      description = "Do not ask.")
  private boolean yes;

  @Mixin private final TableOutput output = new TableOutput();

  SetStateCommand(Session session) {
    super(session);
  }

  @Override
  protected ExitCode execute() {
    if (reason.isBlank()) {
      throw CommandFailure.usage("--reason is empty: say why, for those who find it so");
    }
    State wanted = state(words.get(words.size() - 1));
    List<Tenant> tenants =
        new TenantChoice(cluster()).of(words.subList(0, words.size() - 1), labels.query());
    List<Tenant> others =
        tenants.stream().filter(tenant -> tenant.getSpec().state() != wanted).toList();
    if (others.isEmpty()) {
      console()
          .talk("nothing to do: " + tenants.size() + " of " + tenants.size() + " are " + wanted);
    } else {
      confirm(others, wanted);
    }
    set(others, wanted);
    List<StateRow> rows =
        tenants.stream()
            .map(
                tenant ->
                    new StateRow(tenant.getMetadata().getName(), tenant.getSpec().state(), wanted))
            .toList();
    Listing.of(StateRow.class, rows)
        .column("NAME", StateRow::name)
        .column("FROM", StateRow::from)
        .column("TO", StateRow::to)
        .print(console(), output.format());
    return ExitCode.OK;
  }

  private static State state(String word) {
    return Arrays.stream(State.values())
        .filter(state -> state.name().equalsIgnoreCase(word))
        .findFirst()
        .orElseThrow(
            () ->
                CommandFailure.usage(
                    "the last word, " + word + ", is no state: name one of " + STATES));
  }

  private void confirm(List<Tenant> tenants, State wanted) {
    String names =
        tenants.stream()
            .limit(5)
            .map(t -> t.getMetadata().getName())
            .collect(Collectors.joining(", "));
    String question =
        "Set %d tenants (%s%s) to %s?"
            .formatted(tenants.size(), names, tenants.size() > 5 ? ", …" : "", wanted);
    if (!Consent.given(console(), yes, question)) {
      throw CommandFailure.no("nothing was changed");
    }
  }

  private void set(List<Tenant> tenants, State wanted) {
    StateEvents events = new StateEvents(cluster(), console());
    List<String> done = new ArrayList<>();
    Optional<String> who = tenants.isEmpty() ? Optional.empty() : new WhoAmI(cluster()).name();
    for (Tenant tenant : tenants) {
      try {
        Tenant changed = cluster().ask(() -> patch(tenant, wanted, who));
        events.tell(changed, tenant.getSpec().state(), reason, who);
      } catch (CommandFailure e) {
        throw new CommandFailure(
            e.exitCode(),
            "tenant %s: %s. Set so far: %s"
                .formatted(
                    tenant.getMetadata().getName(),
                    e.getMessage(),
                    done.isEmpty() ? "none" : String.join(", ", done)),
            e);
      }
      done.add(tenant.getMetadata().getName());
    }
  }

  private Tenant patch(Tenant tenant, State wanted, Optional<String> who)
      throws KubernetesClientException {
    ObjectNode patch = JsonMapper.builder().build().createObjectNode();
    ObjectNode annotations = patch.putObject("metadata").putObject("annotations");
    annotations.put(StateEvents.REASON, reason);
    annotations.put(StateEvents.TIME, console().now().toString());
    annotations.put(StateEvents.WHO, who.orElse(null));
    patch.putObject("spec").put("state", wanted.name());
    return cluster()
        .client()
        .resources(Tenant.class)
        .inNamespace(cluster().namespace())
        .withName(tenant.getMetadata().getName())
        .patch(PatchContext.of(PatchType.JSON_MERGE), patch.toString());
  }

  /**
   * One tenant as programs read it.
   *
   * @param name of the Tenant
   * @param from its state before
   * @param to its state now
   */
  record StateRow(String name, State from, State to) {}
}
