package dev.fleetway.cli.tenant.imports;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.List;

/**
 * What an import does, or would do, with one tenant: the JSON, YAML and CSV schema of {@code
 * tenants import}.
 *
 * @param name of the Tenant
 * @param action on the Tenant
 * @param secret action on the Secret with its login; {@code given} where somebody else fills it
 * @param changes field, old and new value of what changes; never of a login
 */
@JsonPropertyOrder({"name", "action", "secret", "changes"})
record ImportRow(String name, Action action, Action secret, List<String> changes) {
  /** What happens to an object. */
  enum Action {
    create,
    change,
    unchanged,
    given
  }

  ImportRow {
    changes = List.copyOf(changes);
  }

  boolean isNews() {
    return action != Action.unchanged || secret == Action.create || secret == Action.change;
  }
}
