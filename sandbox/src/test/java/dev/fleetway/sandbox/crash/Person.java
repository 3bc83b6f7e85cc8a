package dev.fleetway.sandbox.crash;

import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.Phase;

/** Whoever stands before a run with kubectl. Every {@code sees…} waits until it is so. */
interface Person {

  void seesCohortAtWork(int number);

  /** The run rests in this phase and nothing holds it. */
  void seesPhase(Phase phase);

  /** The run has ended in this attempt and nothing holds it any more. */
  void seesEnd(int attempt);

  /** The run is gone. */
  void seesNothingLeft();

  /** A JSON merge patch of the run. */
  void changes(String patch);

  void deletes();

  /** Remembers how everything stands. */
  void looks();
}
