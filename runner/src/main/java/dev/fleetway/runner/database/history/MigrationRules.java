package dev.fleetway.runner.database.history;

import dev.fleetway.api.pod.Assignment;
import dev.fleetway.runner.pod.PermanentError;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.flywaydb.core.api.MigrationVersion;
import org.semver4j.Semver;

/**
 * How the scripts of a run are applied, the same for all tenants.
 *
 * @param head the version that tenants shall reach
 * @param baseline adopts a schema that is not empty and has no history; empty for never
 * @param outOfOrder apply a version below one that is applied already
 * @param realign versions whose edited script is accepted where the old one was applied
 * @param codeVersion the application that is running; empty for not checked
 */
public record MigrationRules(
    MigrationVersion head,
    Optional<MigrationVersion> baseline,
    boolean outOfOrder,
    Set<MigrationVersion> realign,
    Optional<Semver> codeVersion) {
  private static final Pattern VERSION = Pattern.compile("[0-9]+([._][0-9]+)*");

  public MigrationRules {
    realign = Set.copyOf(realign);
  }

  /** Everything but the head at its default. */
  static MigrationRules upTo(MigrationVersion head) {
    return new MigrationRules(head, Optional.empty(), false, Set.of(), Optional.empty());
  }

  public static MigrationRules of(Assignment.Migrations migrations, MigrationVersion head) {
    return new MigrationRules(
        head,
        Optional.ofNullable(migrations.baselineVersion())
            .map(text -> version("baselineVersion", text)),
        migrations.outOfOrder(),
        migrations.realignChecksums().stream()
            .map(text -> version("realignChecksums", text))
            .collect(Collectors.toSet()),
        Optional.ofNullable(migrations.codeVersion()).map(MigrationRules::codeVersion));
  }

  /** Can code of the running version work with what needs at least this one? */
  boolean admits(Semver floor) {
    return codeVersion.isEmpty() || precedence(codeVersion.get(), floor) >= 0;
  }

  /** As <a href="https://semver.org/#spec-item-11">SemVer</a> has it: build metadata is no part. */
  private static int precedence(Semver one, Semver other) {
    return one.withClearedBuild().compareTo(other.withClearedBuild());
  }

  private static MigrationVersion version(String field, String text) {
    if (!VERSION.matcher(text).matches()) {
      throw invalid(field, "a version such as 105");
    }
    return MigrationVersion.fromVersion(text);
  }

  private static Semver codeVersion(String text) {
    return Stream.ofNullable(Semver.parse(text))
        .findFirst()
        .orElseThrow(() -> invalid("codeVersion", "a semantic version such as 2.14.0"));
  }

  private static PermanentError invalid(String field, String expected) {
    return new PermanentError(
        PermanentError.INVALID_CONFIGURATION,
        "the assignment has something else than " + expected + " in migrations." + field);
  }
}
