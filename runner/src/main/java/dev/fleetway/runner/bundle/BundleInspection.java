package dev.fleetway.runner.bundle;

import dev.fleetway.api.pod.TerminationMessage.BundleReport;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.CodeFloor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.flywaydb.core.api.MigrationVersion;
import org.semver4j.Semver;

/** What {@code inspect} says about a bundle. Pure. */
public final class BundleInspection {
  private static final int LISTED = 10;

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
        bundle.scripts().size() + bundle.repeatables().size(),
        newestFirst.stream().limit(LISTED).map(MigrationVersion::getVersion).toList(),
        codeFloors(bundle, head),
        warnings(bundle, head));
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

  /** Warnings of the newest scripts first: those are the ones that are about to run. */
  private static List<String> warnings(Bundle bundle, MigrationVersion head) {
    List<Script> scripts =
        new ArrayList<>(
            bundle.scripts().stream().filter(s -> s.version().compareTo(head) <= 0).toList());
    Collections.reverse(scripts);
    return Stream.concat(scripts.stream(), bundle.repeatables().stream())
        .flatMap(script -> TransactionRules.warnings(script).stream())
        .limit(LISTED)
        .toList();
  }
}
