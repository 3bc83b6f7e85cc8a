package dev.fleetway.operator.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetway.api.v1alpha1.Rollout;
import dev.fleetway.api.v1alpha1.TenantMigrationRunSpec.MigratableState;
import dev.fleetway.api.v1alpha1.TenantMigrationRunSpec.Tenants;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus;
import dev.fleetway.api.v1alpha1.TenantSpec;
import dev.fleetway.operator.RunSpecs;
import dev.fleetway.operator.SimulatedRun;
import dev.fleetway.operator.model.PlannedTenant;
import dev.fleetway.operator.model.RolloutPlan;
import dev.fleetway.operator.model.Selection;
import dev.fleetway.operator.model.TenantView;
import dev.fleetway.operator.observe.CohortReports;
import dev.fleetway.operator.observe.RunObservation;
import dev.fleetway.operator.observe.Surroundings;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
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

  @ParameterizedTest(name = "selector {0}, names {1}, states {2}: {3}, {4} in another state")
  @CsvSource({
    "'', '', 'Active,ReadOnly', 'a,b,d', 1",
    "'', '', Active, 'a,b', 2",
    "gold, '', 'Active,ReadOnly', 'a,d', 0",
    "gold, '', Active, 'a', 1",
    "gold, 'b', Active, 'a,b', 1",
    "gold, 'b,d', ReadOnly, 'd', 2",
    "'', 'b,c', 'Active,ReadOnly', 'b', 1",
    "'', 'c', 'Active,ReadOnly', '', 1",
    "'', 'x,x,y', Active, 'x,y', 0",
    "none, '', Active, '', 0",
    "none, 'a', Active, 'a', 0",
    "free, 'c', ReadOnly, '', 2",
  })
  void takesTheUnionFilteredByStateAndCountsWhomTheStatesLeaveOut(
      String tier, String wanted, String states, String expected, int otherState) {
    List<TenantView> fleet =
        List.of(
            tenant("a", TenantSpec.State.Active, "gold"),
            tenant("b", TenantSpec.State.Active, "free"),
            tenant("c", TenantSpec.State.Suspended, null),
            tenant("d", TenantSpec.State.ReadOnly, "gold"));
    Tenants tenants =
        new Tenants(
            tier.isEmpty() ? null : label("tier", tier),
            words(wanted),
            words(states).stream().map(MigratableState::valueOf).toList());
    RolloutPlan plan = plan(fleet, tenants, List.of(9));
    assertThat(names(plan)).containsExactlyElementsOf(words(expected));
    assertThat(plan.selection())
        .contains(new Selection(4, otherState, null, null, plan.cohortCount() == 0 ? 1 : 0));
  }

  @ParameterizedTest(name = "{0} canaries of {1}, sizes {2}: {3}")
  @CsvSource({
    "0, 5, '2,3', '2,3'",
    "1, 5, '2,3', '1,3,1'",
    "2, 5, '2,3', '2,3'",
    "3, 6, '2,3', '2,1,3'",
    "5, 5, '1,10,100', '1,4'",
    "3, 200, '1,10,100', '1,2,100,97'",
    "1, 1, 1000, '1'",
  })
  void canariesLeadInCohortsOfTheirOwnAndTheSizesGoOn(
      int canaries, int tenants, String sizes, String expected) {
    List<TenantView> fleet =
        IntStream.rangeClosed(1, tenants)
            .mapToObj(
                // the last by name, so that leading is not the order by name
                i ->
                    tenant(
                        SimulatedRun.name(i),
                        TenantSpec.State.Active,
                        i > tenants - canaries ? "canary" : "gold"))
            .toList();
    RolloutPlan plan =
        plan(
            fleet,
            everyone(),
            new Rollout(label("tier", "canary"), null, ints(sizes), null, null, null));
    assertThat(plan.cohorts()).extracting(List::size).containsExactlyElementsOf(ints(expected));
    assertThat(names(plan).subList(0, canaries))
        .containsExactlyElementsOf(
            IntStream.rangeClosed(tenants - canaries + 1, tenants)
                .mapToObj(SimulatedRun::name)
                .toList());
    assertThat(plan.selection().orElseThrow().leading()).isEqualTo(canaries);
  }

  @Test
  void aNameThatNoTenantHasIsNoCanaryEvenWhenEveryLabelLeads() {
    RolloutPlan plan =
        plan(
            fleet(1),
            new Tenants(null, List.of("nobody", "t001"), null),
            new Rollout(new LabelSelector(), null, List.of(1), null, null, null));
    assertThat(names(plan)).containsExactly("t001", "nobody");
  }

  @Test
  void ordersByTheLabelAsTextWithoutItLastAndThenByName() {
    List<TenantView> fleet =
        List.of(
            tenant("a", TenantSpec.State.Active, null),
            tenant("b", TenantSpec.State.Active, "9"),
            tenant("c", TenantSpec.State.Active, "10"),
            tenant("d", TenantSpec.State.Active, "10"),
            tenant("e", TenantSpec.State.Active, null));
    RolloutPlan plan =
        plan(fleet, everyone(), new Rollout(null, "tier", List.of(9), null, null, null));
    assertThat(names(plan)).containsExactly("c", "d", "b", "a", "e");
    assertThat(plan.selection().orElseThrow().ordered()).isEqualTo(3);
  }

  @Test
  void theFirstInPlanOrderKeepsATargetAcrossCohorts() {
    List<TenantView> fleet =
        List.of(
            tenant("a", "pg-1", "shared"),
            tenant("b", "pg-2", "shared"),
            tenant("c", "pg-1", "own"),
            tenant("d", "pg-1", "shared"),
            tenant("e", "pg-1", "shared"));
    RolloutPlan plan = plan(fleet, everyone(), List.of(2));
    assertThat(plan.tenants().map(PlannedTenant::duplicateOf))
        .containsExactly(null, null, null, "a", "a");
    assertThat(plan.predecessors(plan.cohort(3).get(0)))
        .extracting(PlannedTenant::name)
        .containsExactly("a", "d");
    assertThat(plan.cohortWithPredecessors(3))
        .extracting(PlannedTenant::name)
        .containsExactly("e", "a", "d");
  }

  @Provide
  Arbitrary<List<TenantView>> fleets() {
    Arbitrary<String> tiers = Arbitraries.of("gold", "free", "canary").injectNull(0.3);
    Arbitrary<TenantSpec.State> states = Arbitraries.of(TenantSpec.State.class);
    Arbitrary<String> databases = Arbitraries.of("one", "two", "three", "four", "five");
    return Combinators.combine(Arbitraries.integers().between(1, 40), tiers, states, databases)
        .as(
            (number, tier, state, database) ->
                new TenantView(
                    SimulatedRun.name(number),
                    "uid-" + number,
                    tier == null ? Map.of() : Map.of("tier", tier),
                    new TenantSpec(state, database("pg-1", database)),
                    Optional.empty()))
        .list()
        .uniqueElements(TenantView::name)
        .ofMaxSize(40);
  }

  @Property(tries = 300)
  void thePlanDependsOnTheFleetAndNotOnItsOrder(
      @ForAll("fleets") List<TenantView> fleet, @ForAll Random random) {
    Rollout rollout =
        new Rollout(label("tier", "canary"), "tier", List.of(1, 2, 5), null, null, null);
    RolloutPlan plan = plan(fleet, everyone(), rollout);
    List<TenantView> shuffled = new ArrayList<>(fleet);
    Collections.shuffle(shuffled, random);

    assertThat(plan(shuffled, everyone(), rollout)).isEqualTo(plan);
    assertThat(plan(shuffled, everyone(), rollout).hash()).isEqualTo(plan.hash());
    assertThat(names(plan)).as("everyone once").doesNotHaveDuplicates();
    Map<String, Boolean> isCanary =
        fleet.stream()
            .collect(
                Collectors.toMap(TenantView::name, t -> "canary".equals(t.labels().get("tier"))));
    assertThat(plan.cohorts())
        .as("a canary never shares a cohort with others")
        .allMatch(
            cohort ->
                cohort.stream().map(PlannedTenant::name).map(isCanary::get).distinct().count()
                    == 1);
    assertThat(plan.tenants().filter(tenant -> tenant.duplicateOf() == null).count())
        .as("one holder per target")
        .isEqualTo(
            fleet.stream()
                .filter(tenant -> tenant.spec().state() != TenantSpec.State.Suspended)
                .map(tenant -> tenant.spec().database().name())
                .distinct()
                .count());
  }

  private static RolloutPlan plan(List<TenantView> fleet, Tenants tenants, List<Integer> sizes) {
    return plan(fleet, tenants, new Rollout(null, null, sizes, null, null, null));
  }

  private static LabelSelector label(String key, String value) {
    return new LabelSelectorBuilder().addToMatchLabels(key, value).build();
  }

  private static RolloutPlan plan(List<TenantView> fleet, Tenants tenants, Rollout rollout) {
    RunObservation seen =
        new RunObservation(
            SimulatedRun.NAMESPACE,
            SimulatedRun.NAMES,
            1,
            false,
            RunSpecs.spec(rollout, tenants),
            TenantMigrationRunStatus.empty(),
            Optional.of(fleet),
            Optional.empty(),
            List.of(),
            false,
            OptionalInt.empty(),
            Map.of(),
            Optional.empty(),
            new Surroundings(SimulatedRun.START, List.of(), Set.of()),
            CohortReports.NONE,
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
        name,
        "uid-" + name,
        tier == null ? Map.of() : Map.of("tier", tier),
        new TenantSpec(state, database("pg-1", name)),
        Optional.empty());
  }

  private static TenantSpec.Database database(String host, String name) {
    return new TenantSpec.Database(host, null, name, null, null, null, null, null);
  }

  private static TenantView tenant(String name, String host, String databaseName) {
    return new TenantView(
        name,
        "uid-" + name,
        Map.of(),
        new TenantSpec(TenantSpec.State.Active, database(host, databaseName)),
        Optional.empty());
  }

  private static List<String> words(String text) {
    return text.isEmpty() ? List.of() : List.of(text.split(",", -1));
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
