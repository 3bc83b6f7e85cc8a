package dev.fleetway.runner.bundle;

import dev.fleetway.runner.pod.PermanentError;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.flywaydb.core.api.MigrationVersion;
import org.semver4j.Semver;

/** What a run applies, and its digest. At least one versioned script, no version twice. */
public final class Bundle {
  private final String digest;
  private final List<Script> scripts;
  private final List<Script> repeatables;
  private final Map<MigrationVersion, Script> byVersion;

  /**
   * @param digest the identity
   * @param all versioned and repeatable scripts in any order
   */
  public Bundle(String digest, List<Script> all) {
    this.digest = digest;
    this.scripts =
        all.stream()
            .filter(script -> !script.isRepeatable())
            .sorted(Comparator.comparing(Script::version))
            .toList();
    this.repeatables =
        all.stream()
            .filter(Script::isRepeatable)
            .sorted(Comparator.comparing(Script::description))
            .toList();
    this.byVersion =
        scripts.stream().collect(Collectors.toMap(Script::version, Function.identity()));
    if (scripts.isEmpty()) {
      throw new IllegalArgumentException("a bundle without a versioned script");
    }
  }

  public String digest() {
    return digest;
  }

  /** The versioned scripts, lowest version first. */
  public List<Script> scripts() {
    return scripts;
  }

  /** The repeatable scripts, in the order in which they run. */
  public List<Script> repeatables() {
    return repeatables;
  }

  /** The newest version. */
  public MigrationVersion newest() {
    return scripts.get(scripts.size() - 1).version();
  }

  public Optional<Script> find(MigrationVersion version) {
    return Optional.ofNullable(byVersion.get(version));
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
    return versions.stream()
        .flatMap(version -> find(version).stream())
        .flatMap(script -> script.minCompatibleCodeVersion().stream())
        .max(Comparator.naturalOrder());
  }
}
