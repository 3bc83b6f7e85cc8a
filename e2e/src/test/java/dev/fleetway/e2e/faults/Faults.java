package dev.fleetway.e2e.faults;

import dev.fleetway.e2e.faults.Fault.End;
import dev.fleetway.e2e.faults.Fault.Speed;
import java.util.Arrays;
import java.util.List;

/** The faults, in the order of docs/reliability.md. */
final class Faults {
  static final String VARIABLE = "FLEETWAY_FAULTS";

  static final List<Fault> ALL =
      List.of(
          Fault.of("none", scene -> {}, End.SUCCEEDS),
          // the operator and the API
          Fault.of("operator-killed-10-times", OperatorFaults::killedTenTimes, End.SUCCEEDS)
              .inCohortsOf(5),
          Fault.of("leader-killed", OperatorFaults::leaderKilled, End.SUCCEEDS)
              .between(OperatorFaults::secondReplica, OperatorFaults::oneReplica),
          Fault.of("api-server-killed", OperatorFaults::apiServerKilled, End.SUCCEEDS)
              .onComponents(),
          Fault.of("etcd-killed", OperatorFaults::etcdKilled, End.SUCCEEDS).onComponents(),
          // pods and nodes
          Fault.of("runner-pod-deleted", PodFaults::deleted, End.SUCCEEDS),
          Fault.of("runner-killed", PodFaults::killed, End.SUCCEEDS).fast(),
          Fault.of("runner-out-of-memory", PodFaults::outOfMemory, End.SUCCEEDS, "PodOutOfMemory")
              .fast(),
          Fault.of("runner-evicted", PodFaults::evicted, End.SUCCEEDS).fast(),
          Fault.of("job-deleted", PodFaults::jobDeleted, End.SUCCEEDS, "WaitingForPods"),
          Fault.of("older-attempt-comes-back", PodFaults::olderAttemptComesBack, End.RESUMED),
          Fault.of("kubelet-killed", PodFaults::kubeletKilled, End.SUCCEEDS).onComponents(),
          Fault.of("node-drained", PlaceFaults::nodeDrained, End.SUCCEEDS),
          Fault.of("unschedulable", PlaceFaults::nodeCordoned, End.SUCCEEDS, "Unschedulable"),
          Fault.of("quota-exceeded", PlaceFaults::quotaExceeded, End.SUCCEEDS, "QuotaExceeded"),
          Fault.of(
              "admission-refused", PlaceFaults::admissionRefused, End.SUCCEEDS, "AdmissionRefused"),
          // the database and the way to it
          Fault.of("postgres-restarted", DatabaseFaults::restarted, End.SUCCEEDS).fast(),
          Fault.of("postgres-away", DatabaseFaults::awayForAMinute, End.SUCCEEDS),
          Fault.of("network-cut", DatabaseFaults::networkCut, End.SUCCEEDS)
              .between(DatabaseFaults::prepareCut, DatabaseFaults::removeCut),
          Fault.of(
              "no-connection-slots",
              DatabaseFaults::slotsExhausted,
              End.RESUMED,
              "AbortRateExceeded"),
          Fault.of("disk-full", DatabaseFaults::diskFull, End.RESUMED, "AbortRateExceeded")
              .between(DatabaseFaults::fillSmallDisk, DatabaseFaults::smallDiskNoMore),
          Fault.of(
              "secret-rotated", DatabaseFaults::secretRotated, End.RESUMED, "AbortRateExceeded"));

  private Faults() {}

  /**
   * Those that {@code FLEETWAY_FAULTS} asks for: {@code all}, or names with commas between; without
   * it the fast ones.
   */
  static List<Fault> selected(String selection) {
    if (selection == null || selection.isBlank()) {
      return ALL.stream().filter(fault -> fault.speed() == Speed.FAST).toList();
    }
    if (selection.equals("all")) {
      return ALL;
    }
    return Arrays.stream(selection.split(",")).map(Faults::named).toList();
  }

  private static Fault named(String name) {
    return ALL.stream()
        .filter(fault -> fault.name().equals(name))
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException("no fault %s; there are: %s".formatted(name, ALL)));
  }
}
