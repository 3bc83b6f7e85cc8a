package dev.fleetway.operator.report;

import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus;
import java.util.List;

/** The events between two statuses, as people read them. */
public final class ToldEvents {
  private ToldEvents() {}

  /** Such as {@code Normal CohortStarted: Cohort 1, …}. */
  public static List<String> between(
      TenantMigrationRunStatus before, TenantMigrationRunStatus after) {
    return RunEvents.between(before, after).stream()
        .map(
            event ->
                "%s %s: %s"
                    .formatted(
                        event.warning() ? "Warning" : "Normal", event.reason(), event.note()))
        .toList();
  }
}
