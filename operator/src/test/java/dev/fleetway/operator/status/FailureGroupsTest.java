package dev.fleetway.operator.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.Failure;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.FailureGroup;
import dev.fleetway.api.v1alpha1.TenantReason;
import dev.fleetway.operator.model.FailedTenant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class FailureGroupsTest {

  private static FailedTenant failed(String tenant, String server, int cohort, String cause) {
    return new FailedTenant(
        new Failure(tenant, server, cohort, TenantReason.LockTimeout, "55P03", "105", "waited"),
        cause);
  }

  @Example
  void countsTenantsAndServersAndNamesTheFirstTenant() {
    assertThat(
            FailureGroups.of(
                List.of(
                    failed("zeta", "pg-1:5432", 1, "aaa"),
                    failed("acme", "pg-2:5432", 2, "aaa"),
                    failed("bolt", "pg-1:5432", 2, "bbb"),
                    failed("gone", null, 3, "aaa"))))
        .containsExactly(
            new FailureGroup("aaa", TenantReason.LockTimeout, "55P03", "105", 3, 2, "zeta"),
            new FailureGroup("bbb", TenantReason.LockTimeout, "55P03", "105", 1, 1, "bolt"));
  }

  @Example
  void keepsTheTwentyLargest() {
    List<FailedTenant> failed = new ArrayList<>();
    for (int cause = 1; cause <= 25; cause++) {
      int size = cause;
      String print = "cause-%02d".formatted(cause);
      IntStream.range(0, size)
          .forEach(i -> failed.add(failed(print + "-" + i, "pg:5432", 1, print)));
    }
    List<FailureGroup> groups = FailureGroups.of(failed);
    assertThat(groups).hasSize(20);
    assertThat(groups.get(0).count()).isEqualTo(25);
    assertThat(groups.get(19).fingerprint()).isEqualTo("cause-06");
  }

  @Property
  void areTheSameInAnyOrderAndLoseNobody(@ForAll("failures") List<FailedTenant> failed) {
    List<FailedTenant> shuffled = new ArrayList<>(failed);
    Collections.shuffle(shuffled, new Random(1));
    List<FailureGroup> groups = FailureGroups.of(failed);
    assertThat(FailureGroups.of(shuffled)).isEqualTo(groups);
    assertThat(groups.stream().mapToInt(FailureGroup::count).sum()).isEqualTo(failed.size());
    assertThat(groups).isSortedAccordingTo((a, b) -> b.count() - a.count());
    assertThat(groups).allMatch(group -> group.servers() <= group.count());
  }

  @Provide
  Arbitrary<List<FailedTenant>> failures() {
    return Combinators.combine(
            Arbitraries.integers().between(1, 9999),
            Arbitraries.integers().between(1, 4),
            Arbitraries.of("aaa", "bbb", "ccc", "ddd"))
        .as(
            (tenant, server, cause) ->
                failed("t" + tenant, "pg-" + server + ":5432", tenant % 7, cause))
        .list()
        .uniqueElements(tenant -> tenant.failure().tenant())
        .ofMaxSize(60);
  }
}
