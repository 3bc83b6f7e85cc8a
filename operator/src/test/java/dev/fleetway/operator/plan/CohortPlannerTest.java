package dev.fleetway.operator.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetway.api.v1alpha1.TenantMigrationRunSpec.MigratableState;
import dev.fleetway.api.v1alpha1.TenantMigrationRunSpec.Rollout;
import dev.fleetway.api.v1alpha1.TenantMigrationRunSpec.Tenants;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus;
import dev.fleetway.api.v1alpha1.TenantSpec;
import dev.fleetway.operator.SimulatedRun;
import dev.fleetway.operator.model.PlannedTenant;
import dev.fleetway.operator.model.RolloutPlan;
import dev.fleetway.operator.model.TenantView;
import dev.fleetway.operator.observe.RunObservation;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CohortPlannerTest {

  @ParameterizedTest
  @CsvSource({
    "0, 5, ''",
    "1, 5, 1",
    "5, 5, 5",
    "6, 5, '5,1'",
    "12, '1,10,100', '1,10,1'",
    "25, '1,10', '1,10,10,4'",
  })
  void dividesTheFleetAndRepeatsTheLastSize(int tenants, String sizes, String expected) {
    RolloutPlan plan = plan(fleet(tenants), everyone(), ints(sizes));
    assertThat(plan.cohorts()).extracting(List::size).containsExactlyElementsOf(ints(expected));
    assertThat(plan.tenantCount()).isEqualTo(tenants);
  }

  @Test
  void givesTheSamePlanForTheSameFleetInAnyOrder() {
    List<TenantView> shuffled = new ArrayList<>(fleet(50));
    Collections.shuffle(shuffled, new Random(7));
    assertThat(plan(shuffled, everyone(), List.of(7)))
        .isEqualTo(plan(fleet(50), everyone(), List.of(7)));
  }

  @Test
  void takesEveryoneThatIsNotSuspendedByDefault() {
    List<TenantView> fleet =
        List.of(
            tenant("a", TenantSpec.State.Active, "gold"),
            tenant("b", TenantSpec.State.ReadOnly, "gold"),
            tenant("c", TenantSpec.State.Suspended, "gold"));
    assertThat(names(plan(fleet, everyone(), List.of(9)))).containsExactly("a", "b");
  }

  @Test
  void takesTheUnionOfSelectorAndNamesAndFiltersBothByState() {
    List<TenantView> fleet =
        List.of(
            tenant("a", TenantSpec.State.Active, "gold"),
            tenant("b", TenantSpec.State.Active, "free"),
            tenant("c", TenantSpec.State.Active, "free"),
            tenant("d", TenantSpec.State.ReadOnly, "gold"));
    LabelSelector gold = new LabelSelectorBuilder().addToMatchLabels("tier", "gold").build();
    Tenants wanted = new Tenants(gold, List.of("c"), List.of(MigratableState.Active));
    assertThat(names(plan(fleet, wanted, List.of(9)))).containsExactly("a", "c");
  }

  @Test
  void takesOnlyTheNamedOnesWithoutASelectorAndKeepsNamesThatDoNotExist() {
    RolloutPlan plan =
        plan(fleet(3), new Tenants(null, List.of("t002", "nobody"), null), List.of(9));
    assertThat(plan.cohort(1))
        .containsExactly(new PlannedTenant("nobody", null), new PlannedTenant("t002", "uid-t002"));
  }

  private static RolloutPlan plan(List<TenantView> fleet, Tenants tenants, List<Integer> sizes) {
    RunObservation seen =
        new RunObservation(
            SimulatedRun.NAMESPACE,
            SimulatedRun.NAMES,
            1,
            false,
            SimulatedRun.spec(new Rollout(null, null, sizes, null, null, null), tenants),
            TenantMigrationRunStatus.empty(),
            Optional.of(fleet),
            Optional.empty(),
            List.of(),
            false,
            OptionalInt.empty(),
            Map.of(),
            Optional.empty());
    return CohortPlanner.plan(seen).orElseThrow();
  }

  private static List<TenantView> fleet(int size) {
    return IntStream.rangeClosed(1, size)
        .mapToObj(i -> tenant(SimulatedRun.name(i), TenantSpec.State.Active, "gold"))
        .toList();
  }

  private static TenantView tenant(String name, TenantSpec.State state, String tier) {
    return new TenantView(
        name, "uid-" + name, Map.of("tier", tier), new TenantSpec(state, null), Optional.empty());
  }

  private static Tenants everyone() {
    return new Tenants(null, null, null);
  }

  private static List<String> names(RolloutPlan plan) {
    return plan.cohorts().stream().flatMap(List::stream).map(PlannedTenant::name).toList();
  }

  private static List<Integer> ints(String text) {
    return text.isEmpty()
        ? List.of()
        : java.util.Arrays.stream(text.split(",", -1)).map(Integer::valueOf).toList();
  }
}
