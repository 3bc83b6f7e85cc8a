package dev.fleetway.operator.model;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Which tenant goes in which cohort, frozen for all attempts of a run.
 *
 * @param bundleDigest the bundle that the plan is for
 * @param cohorts the cohorts in order; cohort 1 is the first
 * @param selection how it came about; empty for a plan of an older release
 */
public record RolloutPlan(
    String bundleDigest, List<List<PlannedTenant>> cohorts, Optional<Selection> selection) {

  public RolloutPlan {
    cohorts = cohorts.stream().map(List::copyOf).toList();
  }

  /** A plan that does not say how it came about. */
  public RolloutPlan(String bundleDigest, List<List<PlannedTenant>> cohorts) {
    this(bundleDigest, cohorts, Optional.empty());
  }

  /** All of them, in plan order. */
  public Stream<PlannedTenant> tenants() {
    return cohorts.stream().flatMap(List::stream);
  }

  public int cohortCount() {
    return cohorts.size();
  }

  public int tenantCount() {
    return cohorts.stream().mapToInt(List::size).sum();
  }

  /** The tenants of a cohort, counted from 1. */
  public List<PlannedTenant> cohort(int number) {
    return cohorts.get(number - 1);
  }

  /** The tenants before this one, of any cohort, that were planned with its target. */
  public List<PlannedTenant> predecessors(PlannedTenant tenant) {
    String first = tenant.duplicateOf();
    return first == null
        ? List.of()
        : tenants()
            .takeWhile(other -> !other.equals(tenant))
            .filter(other -> first.equals(other.name()) || first.equals(other.duplicateOf()))
            .toList();
  }

  /**
   * Whom to look at when a cohort starts: its tenants, and those of other cohorts with their
   * target.
   */
  public List<PlannedTenant> cohortWithPredecessors(int number) {
    return cohort(number).stream()
        .flatMap(tenant -> Stream.concat(Stream.of(tenant), predecessors(tenant).stream()))
        .distinct()
        .toList();
  }

  /**
   * SHA-256 over an explicit text form, so that it does not change with a serialiser: the digest,
   * then one line per cohort and one per tenant. It binds who goes where; the selection is no part
   * of it.
   */
  public String hash() {
    MessageDigest sha256 = Sha256.digest();
    update(sha256, bundleDigest + "\n");
    for (int number = 1; number <= cohortCount(); number++) {
      update(sha256, "cohort " + number + "\n");
      for (PlannedTenant tenant : cohort(number)) {
        update(sha256, line(tenant) + "\n");
      }
    }
    return HexFormat.of().formatHex(sha256.digest());
  }

  private static String line(PlannedTenant tenant) {
    String line = tenant.name() + "\t" + (tenant.uid() == null ? "" : tenant.uid());
    return tenant.duplicateOf() == null ? line : line + "\t" + tenant.duplicateOf();
  }

  private static void update(MessageDigest digest, String text) {
    digest.update(text.getBytes(StandardCharsets.UTF_8));
  }
}
