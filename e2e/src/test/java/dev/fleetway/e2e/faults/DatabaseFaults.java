package dev.fleetway.e2e.faults;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fleetway.e2e.cluster.PostgresPod;
import dev.fleetway.sandbox.fleet.Fleet;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;

/** What happens to the database server, and on the way to it. */
final class DatabaseFaults {
  // SIGQUIT is PostgreSQL's immediate shutdown: no session is waited for, none is told.
  private static final String DIE = "kill -QUIT 1";

  private DatabaseFaults() {}

  static void restarted(FaultScene scene) {
    scene.inDatabasePod(DIE);
    scene.awaitDatabase();
  }

  /** Nobody answers at the Service for a minute; who was connected is cut off. */
  static void awayForAMinute(FaultScene scene) {
    selector(scene, "nobody");
    scene.inDatabasePod(DIE);
    scene.last(Duration.ofSeconds(60));
    scene.awaitDatabase();
    selector(scene, PostgresPod.NAME);
  }

  private static void selector(FaultScene scene, String app) {
    scene
        .place()
        .mergePatch(
            "service",
            PostgresPod.NAME,
            "{\"spec\":{\"selector\":{\"app\":\"%s\"}}}".formatted(app));
  }

  static void prepareCut(FaultScene scene) {
    network(scene).prepare();
  }

  static void removeCut(FaultScene scene) {
    network(scene).remove();
  }

  private static NetworkCut network(FaultScene scene) {
    return new NetworkCut(scene.kubectl(), scene.place().namespace());
  }

  /** Twenty seconds in which nothing comes through, and nobody says so. */
  static void networkCut(FaultScene scene) {
    JsonNode pod = scene.runnerPod();
    network(scene).cut(pod);
    try {
      scene.last(Duration.ofSeconds(20));
    } finally {
      network(scene).mend(pod);
    }
  }

  /** Idle sessions of somebody else take every slot that an ordinary login can have. */
  static void slotsExhausted(FaultScene scene) {
    scene.inDatabasePod(
        """
        end=$((SECONDS + 15))
        for i in $(seq @SLOTS@); do
          while ((SECONDS < end)); do
            psql -h 127.0.0.1 -U postgres -c "SELECT pg_sleep($((end - SECONDS)))" || sleep 0.5
          done >/dev/null 2>&1 &
        done
        wait
        """
            .replace("@SLOTS@", Integer.toString(FaultE2E.CONNECTIONS)));
  }

  /** The tables of cohort 3 come to lie on a disk of 24 MiB, and somebody filled it. */
  static void fillSmallDisk(FaultScene scene) {
    scene.inDatabasePod("mkdir -p " + PostgresPod.SMALL_DISK + "/tables");
    scene
        .place()
        .executeAll(
            List.of("postgres"),
            "CREATE TABLESPACE small LOCATION '%s/tables';\n".formatted(PostgresPod.SMALL_DISK)
                + "GRANT CREATE ON TABLESPACE small TO %s;\n".formatted(FaultFleet.LOGIN)
                + onSmallDisk(scene, "SET default_tablespace = small"));
  }

  static void smallDiskNoMore(FaultScene scene) {
    scene.place().execute("postgres", onSmallDisk(scene, "RESET default_tablespace"));
  }

  private static String onSmallDisk(FaultScene scene, String setting) {
    return Fleet.cohort(scene.fleet().tenants(), List.of(Fault.USUAL_COHORT), 3).stream()
        .map(tenant -> "ALTER DATABASE %s %s;\n".formatted(Fleet.database(tenant), setting))
        .collect(Collectors.joining());
  }

  static void diskFull(FaultScene scene) {
    String filler = PostgresPod.SMALL_DISK + "/filler";
    scene.inDatabasePod("cat /dev/zero >" + filler);
    scene.awaitEnd(1);
    scene.inDatabasePod("rm " + filler);
  }

  static void secretRotated(FaultScene scene) {
    scene.fleet().rotate(UUID.randomUUID().toString());
    scene.awaitEnd(1);
  }
}
