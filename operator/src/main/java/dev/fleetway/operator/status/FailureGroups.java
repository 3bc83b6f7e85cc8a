package dev.fleetway.operator.status;

import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.Failure;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.FailureGroup;
import dev.fleetway.operator.model.FailedTenant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** Failed tenants by cause. Pure. */
public final class FailureGroups {
  private static final int MOST_GROUPS = 20;

  private static final Comparator<FailureGroup> LARGEST_FIRST =
      Comparator.comparing(FailureGroup::count).reversed().thenComparing(FailureGroup::fingerprint);

  private FailureGroups() {}

  /** The groups, the largest first; the first tenant of each is its example. */
  public static List<FailureGroup> of(List<FailedTenant> failed) {
    Map<String, List<Failure>> byCause =
        failed.stream()
            .filter(tenant -> tenant.fingerprint() != null)
            .collect(
                Collectors.groupingBy(
                    FailedTenant::fingerprint,
                    LinkedHashMap::new,
                    Collectors.mapping(FailedTenant::failure, Collectors.toList())));
    return byCause.entrySet().stream()
        .map(entry -> group(entry.getKey(), entry.getValue()))
        .sorted(LARGEST_FIRST)
        .limit(MOST_GROUPS)
        .toList();
  }

  private static FailureGroup group(String fingerprint, List<Failure> members) {
    Failure example =
        members.stream()
            .min(Comparator.comparing(Failure::cohort).thenComparing(Failure::tenant))
            .orElseThrow();
    return new FailureGroup(
        fingerprint,
        example.reason(),
        example.sqlState(),
        example.failedVersion(),
        members.size(),
        (int) members.stream().map(Failure::server).filter(Objects::nonNull).distinct().count(),
        example.tenant());
  }
}
