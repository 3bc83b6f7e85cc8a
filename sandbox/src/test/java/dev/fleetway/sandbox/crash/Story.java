package dev.fleetway.sandbox.crash;

import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.Phase;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * What happens in a run while nothing goes wrong with the operator: six tenants in cohorts of two,
 * the second of which is special in the first attempt.
 *
 * <p>A story is told around some of its writes; the others it shares with the first one.
 */
enum Story {
  /** The second cohort aborts; a person raises the attempt, the rest succeeds. */
  TENANT_FAILS(PodEnd.FIRST_TENANT_FAILS, Story::abortsAndIsResumed, null, null),
  POD_IS_LOST(
      PodEnd.IS_LOST,
      Story::abortsAndIsResumed,
      "POST configmaps v1-c002-a1",
      "POST configmaps v1-c002-a2"),
  PERSON_ABORTS(
      PodEnd.WORKS_UNTIL_TOLD_TO_STOP,
      person -> {
        person.seesCohortAtWork(Story.SPECIAL);
        person.changes("{\"spec\":{\"abort\":true}}");
        abortsAndIsResumed(person);
      },
      "POST configmaps v1-c002-a1",
      "POST configmaps v1-c002-a2"),
  /** The tenants of each cohort are read-only while it runs. */
  GATED(
      PodEnd.FIRST_TENANT_FAILS,
      Story::abortsAndIsResumed,
      "POST configmaps v1-c002-a1",
      "POST configmaps v1-c003-a2",
      "10%",
      "gate: {mode: ReadOnly, settle: 1s},"),
  /** While the cohort works, which is not disturbed by it; then the run goes on. */
  PERSON_SUSPENDS(
      PodEnd.WORKS_UNTIL_THE_RUN_IS_SUSPENDED,
      person -> {
        person.seesCohortAtWork(Story.SPECIAL);
        person.changes("{\"spec\":{\"suspend\":true}}");
        person.seesPhase(Phase.Suspended);
        person.looks();
        person.changes("{\"spec\":{\"suspend\":false}}");
        person.seesEnd(1);
        person.looks();
      },
      "POST jobs v1-c002-a1",
      "POST configmaps v1-c003-a1"),
  /** The run goes through with a failure below its rate; a second attempt heals it. */
  FAILURE_IS_TRIED_AGAIN(
      PodEnd.FIRST_TENANT_FAILS,
      person -> {
        person.seesEnd(1);
        person.looks();
        person.changes("{\"spec\":{\"attempt\":2}}");
        person.seesEnd(2);
        person.looks();
      },
      "POST configmaps v1-c002-a1-result",
      null,
      "60%",
      ""),
  /** While a gate is set. */
  PERSON_DELETES(
      PodEnd.WORKS_UNTIL_TOLD_TO_STOP,
      person -> {
        person.seesCohortAtWork(Story.SPECIAL);
        person.deletes();
        person.seesNothingLeft();
        person.looks();
      },
      "POST jobs v1-c002-a1",
      null,
      "10%",
      "gate: {mode: ReadOnly, settle: 0s},"),
  /** Nothing is migrated; of the second cohort nobody reports. */
  ONLY_A_PLAN(
      PodEnd.IS_LOST,
      person -> {
        person.seesEnd(1);
        person.looks();
      },
      "POST configmaps v1-c002-a1",
      null,
      "10%",
      "mode: Plan,");

  static final int SPECIAL = 2;

  private final PodEnd end;

  /** Remembers nothing. */
  @SuppressWarnings("ImmutableEnumChecker")
  private final Consumer<Person> tale;

  private final String firstOwnWrite;
  private final String firstSharedAgain;
  private final String spec;

  Story(PodEnd end, Consumer<Person> tale, String firstOwnWrite, String firstSharedAgain) {
    this(end, tale, firstOwnWrite, firstSharedAgain, "10%", "");
  }

  Story(
      PodEnd end,
      Consumer<Person> tale,
      String firstOwnWrite,
      String firstSharedAgain,
      String abortRate,
      String more) {
    this.end = end;
    this.tale = tale;
    this.firstOwnWrite = firstOwnWrite;
    this.firstSharedAgain = firstSharedAgain;
    this.spec =
        """
        {%s
          migrations: {configMapRefs: [{name: bundle}]},
          rollout: {cohortSizes: [2], stagger: 0s, abortRate: %s}}"""
            .formatted(more, abortRate);
  }

  /** Lives through it, and looks whenever the run rests. */
  void tell(Person person) {
    tale.accept(person);
  }

  private static void abortsAndIsResumed(Person person) {
    person.seesEnd(1);
    person.looks();
    person.changes("{\"spec\":{\"abort\":false,\"attempt\":2}}");
    person.seesEnd(2);
    person.looks();
  }

  /** The run's spec, as YAML. */
  String spec() {
    return spec;
  }

  PodEnd endOf(int cohort, int attempt) {
    return cohort == SPECIAL && attempt == 1 ? end : PodEnd.ALL_SUCCEED;
  }

  /** The writes of this story that others do not have: all, of the first one. */
  List<Write> own(List<Write> writes) {
    if (this == TENANT_FAILS) {
      return writes.stream().filter(write -> !isGreetingOfAnotherTenant(write)).toList();
    }
    List<String> names = writes.stream().map(Write::what).toList();
    int to = firstSharedAgain == null ? names.size() : names.indexOf(firstSharedAgain);
    return writes.subList(names.indexOf(firstOwnWrite), to);
  }

  /** Every new tenant gets its access and its first condition in the same two writes. */
  private static boolean isGreetingOfAnotherTenant(Write write) {
    return !write.what().contains(" tenant-001 ")
        && (write.what().endsWith("(access)") || write.what().endsWith("(add /status/conditions)"));
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
