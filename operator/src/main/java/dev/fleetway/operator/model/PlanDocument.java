package dev.fleetway.operator.model;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A plan as it is stored: in parts, because one ConfigMap holds at most 1 MiB.
 *
 * @param part number of this part, from 1
 * @param parts how many there are
 * @param bundleDigest the bundle that the plan is for
 * @param selection how the plan came about; null for a plan of an older release
 * @param cohorts the cohorts of this part, in order
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PlanDocument(
    int part,
    int parts,
    String bundleDigest,
    Selection selection,
    List<List<PlannedTenant>> cohorts) {

  /** The key in the ConfigMap. */
  public static final String KEY = "plan.json";

  // A name of 63 characters, a uid and another name make at most 210 bytes: 840 KB of the 1 MiB
  // that a ConfigMap takes.
  private static final int TENANTS_PER_PART = 4000;

  private static List<List<List<PlannedTenant>>> groups(RolloutPlan plan) {
    List<List<List<PlannedTenant>>> groups = new ArrayList<>();
    groups.add(new ArrayList<>());
    int tenants = 0;
    for (List<PlannedTenant> cohort : plan.cohorts()) {
      if (tenants > 0 && tenants + cohort.size() > TENANTS_PER_PART) {
        groups.add(new ArrayList<>());
        tenants = 0;
      }
      groups.get(groups.size() - 1).add(cohort);
      tenants += cohort.size();
    }
    return groups;
  }

  /** Divides a plan between cohorts. */
  public static List<PlanDocument> split(RolloutPlan plan) {
    List<List<List<PlannedTenant>>> groups = groups(plan);
    List<PlanDocument> parts = new ArrayList<>();
    for (List<List<PlannedTenant>> group : groups) {
      parts.add(
          new PlanDocument(
              parts.size() + 1,
              groups.size(),
              plan.bundleDigest(),
              plan.selection().orElse(null),
              List.copyOf(group)));
    }
    return parts;
  }

  /** Into how many parts a plan is divided. */
  public static int partsOf(RolloutPlan plan) {
    return groups(plan).size();
  }

  /** Puts the parts together again. */
  public static RolloutPlan join(List<PlanDocument> parts) {
    return new RolloutPlan(
        parts.get(0).bundleDigest(),
        parts.stream().flatMap(part -> part.cohorts().stream()).toList(),
        Optional.ofNullable(parts.get(0).selection()));
  }
}
