package dev.fleetway.runner.bundle;

import dev.fleetway.api.pod.TerminationMessage.BundleReport;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.CodeFloor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.flywaydb.core.api.MigrationVersion;
import org.semver4j.Semver;

/** What {@code inspect} says about a bundle. Pure. */
public final class BundleInspection {
  private static final int LISTED = 10;
  private static final Pattern OWN_TRANSACTION =
      Pattern.compile(
          "^\\s*(COMMIT|ROLLBACK|BEGIN|START)(\\s+(WORK|TRANSACTION))?\\s*;",
          Pattern.CASE_INSENSITIVE);

  private BundleInspection() {}

  /** The report; a target version that is not in the bundle is a permanent error. */
  public static BundleReport report(Bundle bundle, Optional<String> target) {
    MigrationVersion head = bundle.head(target);
    List<MigrationVersion> newestFirst =
        new ArrayList<>(bundle.scripts().stream().map(Script::version).toList());
    Collections.reverse(newestFirst);
    return new BundleReport(
        bundle.digest(),
        head.getVersion(),
        bundle.scripts().size(),
        newestFirst.stream().limit(LISTED).map(MigrationVersion::getVersion).toList(),
        codeFloors(bundle, head),
        bundle.scripts().stream().flatMap(BundleInspection::warnings).limit(LISTED).toList());
  }

  /** Where the highest declared floor rises, newest first. */
  private static List<CodeFloor> codeFloors(Bundle bundle, MigrationVersion head) {
    List<CodeFloor> floors = new ArrayList<>();
    Optional<Semver> highest = Optional.empty();
    for (Script script : bundle.scripts()) {
      Optional<Semver> floor = script.minCompatibleCodeVersion();
      boolean rises =
          floor.isPresent() && (highest.isEmpty() || floor.get().isGreaterThan(highest.get()));
      if (rises && script.version().compareTo(head) <= 0) {
        highest = floor;
        floors.add(0, new CodeFloor(script.version().getVersion(), floor.get().getVersion()));
      }
    }
    return floors.stream().limit(LISTED).toList();
  }

  private static Stream<String> warnings(Script script) {
    List<String> lines = script.sql().lines().toList();
    return Stream.iterate(0, line -> line < lines.size(), line -> line + 1)
        .filter(line -> OWN_TRANSACTION.matcher(lines.get(line)).lookingAt())
        .map(
            line ->
                script.fileName()
                    + ":"
                    + (line + 1)
                    + ": controls the transaction itself: a failure after it leaves the script half"
                    + " applied");
  }
}
