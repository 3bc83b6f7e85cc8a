package dev.fleetway.operator.plan;

import java.util.Comparator;
import java.util.Map;

/** The order of the tenants in a plan. Total, so that it does not depend on who asks. */
final class TenantOrder {
  private TenantOrder() {}

  /**
   * What is compared.
   *
   * @param labels empty for a name that no tenant has
   */
  record Position(String name, Map<String, String> labels) {}

  /** By the value of a label, as text, those without it last; then by name. Null: by name. */
  static Comparator<Position> by(String label) {
    Comparator<Position> byName = Comparator.comparing(Position::name);
    return label == null
        ? byName
        : Comparator.comparing(
                (Position position) -> position.labels().get(label),
                Comparator.nullsLast(Comparator.naturalOrder()))
            .thenComparing(byName);
  }
}
