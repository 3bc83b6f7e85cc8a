package dev.fleetway.operator.observe;

import dev.fleetway.operator.model.FailedTenant;
import java.util.List;

/**
 * What the stored reports of a run say when a cohort is about to be settled; looked up only then.
 *
 * @param elsewhere the failed tenants of all other cohorts, by cohort and in plan order
 * @param besideNamesake the report's name is taken by one of a deleted run of the same name
 */
public record CohortReports(List<FailedTenant> elsewhere, boolean besideNamesake) {
  /** Nothing was looked up. */
  public static final CohortReports NONE = new CohortReports(List.of(), false);

  public CohortReports {
    elsewhere = List.copyOf(elsewhere);
  }
}
