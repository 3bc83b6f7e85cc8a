package dev.fleetway.runner.bundle;

import dev.fleetway.runner.pod.PermanentError;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.flywaydb.core.api.MigrationVersion;
import org.semver4j.Semver;

/** The scripts of a bundle, lowest version first, and its digest. Never empty, no version twice. */
public record Bundle(String digest, List<Script> scripts) {
  public Bundle {
    scripts = scripts.stream().sorted(Comparator.comparing(Script::version)).toList();
    if (scripts.isEmpty()) {
      throw new IllegalArgumentException("a bundle without scripts");
    }
  }

  /** The newest version. */
  public MigrationVersion newest() {
    return scripts.get(scripts.size() - 1).version();
  }

  public Optional<Script> find(MigrationVersion version) {
    return scripts.stream().filter(script -> script.version().equals(version)).findFirst();
  }

  /** The version that tenants shall reach: the target, which must exist, or else the newest. */
  public MigrationVersion head(Optional<String> target) {
    if (target.isEmpty()) {
      return newest();
    }
    return scripts.stream()
        .map(Script::version)
        .filter(version -> isWrittenAs(version, target.get()))
        .findFirst()
        .orElseThrow(
            () ->
                new PermanentError(
                    PermanentError.INVALID_BUNDLE,
                    "target version "
                        + target.get()
                        + " is not in the bundle, which has "
                        + scripts.stream()
                            .map(script -> script.version().getVersion())
                            .collect(Collectors.joining(", "))));
  }

  private static boolean isWrittenAs(MigrationVersion version, String target) {
    return target.matches("[0-9]+([._][0-9]+)*")
        && version.equals(MigrationVersion.fromVersion(target));
  }

  /** The highest floor that the scripts of these versions declare. */
  public Optional<Semver> minCompatibleCodeVersion(Set<MigrationVersion> versions) {
    return scripts.stream()
        .filter(script -> versions.contains(script.version()))
        .flatMap(script -> script.minCompatibleCodeVersion().stream())
        .max(Comparator.naturalOrder());
  }
}
