package dev.fleetway.operator.observe;

import dev.fleetway.operator.model.RivalRun;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * What is known of the world around a run.
 *
 * @param since when the run was created
 * @param rivals the other runs that may be in its way, read from the API server when the run is
 *     about to take the turn; else empty
 * @param closedToWriters names of the current cohort's tenants whose {@code status.access} is known
 *     to be ReadOnly or None
 * @param deleted what somebody took away of the run's own
 * @param namespaceGoes the namespace is being deleted, with everything in it
 */
public record Surroundings(
    Instant since,
    List<RivalRun> rivals,
    Set<String> closedToWriters,
    Deleted deleted,
    boolean namespaceGoes) {

  /**
   * What somebody deleted though the run needs it; what was in it is still known here.
   *
   * @param plan a ConfigMap of the frozen plan
   * @param assignment the ConfigMap of the current cohort's assignment
   */
  public record Deleted(boolean plan, boolean assignment) {
    public static final Deleted NOTHING = new Deleted(false, false);
  }

  public Surroundings {
    rivals = List.copyOf(rivals);
    closedToWriters = Set.copyOf(closedToWriters);
  }

  /** With everything in its place. */
  public Surroundings(Instant since, List<RivalRun> rivals, Set<String> closedToWriters) {
    this(since, rivals, closedToWriters, Deleted.NOTHING, false);
  }
}
