package dev.fleetway.operator.model;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * Which tenant goes in which cohort, frozen for all attempts of a run.
 *
 * @param bundleDigest the bundle that the plan is for
 * @param cohorts the cohorts in order; cohort 1 is the first
 */
public record RolloutPlan(String bundleDigest, List<List<PlannedTenant>> cohorts) {

  public RolloutPlan {
    cohorts = cohorts.stream().map(List::copyOf).toList();
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

  /**
   * SHA-256 over an explicit text form, so that it does not change with a serialiser: the digest,
   * then one line per cohort and one per tenant.
   */
  public String hash() {
    MessageDigest sha256 = sha256();
    update(sha256, bundleDigest + "\n");
    for (int number = 1; number <= cohortCount(); number++) {
      update(sha256, "cohort " + number + "\n");
      for (PlannedTenant tenant : cohort(number)) {
        update(sha256, tenant.name() + "\t" + (tenant.uid() == null ? "" : tenant.uid()) + "\n");
      }
    }
    return HexFormat.of().formatHex(sha256.digest());
  }

  private static void update(MessageDigest digest, String text) {
    digest.update(text.getBytes(StandardCharsets.UTF_8));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
