package dev.fleetway.e2e.faults;

import java.util.List;

/**
 * One thing that goes wrong while a run is going.
 *
 * @param name as in docs/reliability.md and {@code FLEETWAY_FAULTS}
 * @param speed whether every {@code ./e2e/run} plays it
 * @param needs what the place must offer
 * @param cohortSize tenants per cohort: more, smaller ones for what strikes often
 * @param before prepares the place before the run is created
 * @param strike does it, in the middle of cohort 2; returns when the fault is over
 * @param after tidies up once the run has ended, however it went
 * @param says reasons that the run must have said, in its Ready condition or by an event
 * @param end how the run comes to bring every tenant to head
 */
record Fault(
    String name,
    Speed speed,
    Needs needs,
    int cohortSize,
    Step before,
    Step strike,
    Step after,
    List<String> says,
    End end) {

  /** Part of a fault. */
  interface Step {
    void in(FaultScene scene);
  }

  /** Which selection it is in. */
  enum Speed {
    FAST,
    SLOW
  }

  /** What not every cluster offers. */
  enum Needs {
    NOTHING,
    /** A command that stops and starts the cluster's own components. */
    COMPONENTS
  }

  /** How the run ends. */
  enum End {
    /** By itself. */
    SUCCEEDS,
    /** It halts with failed tenants; the next attempt, after the fault, succeeds. */
    RESUMED
  }

  static final int USUAL_COHORT = 20;

  Fault {
    says = List.copyOf(says);
  }

  static Fault of(String name, Step strike, End end, String... says) {
    Step nothing = scene -> {};
    return new Fault(
        name,
        Speed.SLOW,
        Needs.NOTHING,
        USUAL_COHORT,
        nothing,
        strike,
        nothing,
        List.of(says),
        end);
  }

  Fault fast() {
    return new Fault(name, Speed.FAST, needs, cohortSize, before, strike, after, says, end);
  }

  Fault onComponents() {
    return new Fault(name, speed, Needs.COMPONENTS, cohortSize, before, strike, after, says, end);
  }

  Fault inCohortsOf(int size) {
    return new Fault(name, speed, needs, size, before, strike, after, says, end);
  }

  Fault between(Step first, Step last) {
    return new Fault(name, speed, needs, cohortSize, first, strike, last, says, end);
  }

  @Override
  public String toString() {
    return name;
  }
}
