package dev.fleetway.runner.bundle;

import dev.fleetway.runner.pod.PermanentError;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.flywaydb.core.api.MigrationVersion;

/** Turns files into a bundle, or says everything that is wrong with them. Pure. */
final class BundleParser {
  private static final Pattern SCRIPT =
      Pattern.compile("V([0-9]+(?:[._][0-9]+)*)__([^/]*[^/_.][^/]*)\\.sql");
  private static final Pattern REPEATABLE = Pattern.compile("R__([^/]*[^/_.][^/]*)\\.sql");
  private static final Pattern SETTING =
      Pattern.compile("\\s*executeInTransaction\\s*=\\s*(true|false)\\s*");
  private static final String CONF = ".conf";

  /** The width of the history table's column. */
  private static final int LONGEST_VERSION = 50;

  private final List<String> problems = new ArrayList<>();
  private final Map<MigrationVersion, String> seen = new HashMap<>();
  private final Map<String, String> seenDescriptions = new HashMap<>();

  private BundleParser() {}

  static Bundle parse(List<BundleFile> files) {
    return new BundleParser().bundle(files);
  }

  private Bundle bundle(List<BundleFile> unordered) {
    List<BundleFile> files =
        unordered.stream().sorted(Comparator.comparing(BundleFile::path)).toList();
    if (files.isEmpty()) {
      throw new PermanentError(
          PermanentError.INVALID_BUNDLE, "the bundle holds no file: put V<version>__<name>.sql in");
    }
    refuseRepeatedNames(files);
    Map<String, Optional<Boolean>> settings = settings(files);
    List<Script> scripts = new ArrayList<>();
    for (BundleFile file : files) {
      if (!settings.containsKey(file.name())) {
        script(file, settings).ifPresent(scripts::add);
      }
    }
    if (problems.isEmpty() && scripts.stream().allMatch(Script::isRepeatable)) {
      problems.add("the bundle has no versioned script: put V<version>__<name>.sql in");
    }
    if (!problems.isEmpty()) {
      throw new PermanentError(PermanentError.INVALID_BUNDLE, String.join("; ", problems));
    }
    return new Bundle(BundleDigest.of(files), scripts);
  }

  private Optional<Script> script(BundleFile file, Map<String, Optional<Boolean>> settings) {
    Matcher repeatable = REPEATABLE.matcher(file.name());
    if (repeatable.matches()) {
      String words = repeatable.group(1).replace('_', ' ');
      String other = seenDescriptions.putIfAbsent(words, file.path());
      if (other != null) {
        problems.add(other + " and " + file.path() + " have the same description " + words);
      }
      return script(file, null, repeatable.group(1), settings);
    }
    Matcher matcher = SCRIPT.matcher(file.name());
    if (!matcher.matches() || matcher.group(1).length() > LONGEST_VERSION) {
      problems.add(file.path() + ": " + whyNotAScript(file.name()));
      return Optional.empty();
    }
    MigrationVersion version = MigrationVersion.fromVersion(matcher.group(1));
    String other = seen.putIfAbsent(version, file.path());
    if (other != null) {
      problems.add(other + " and " + file.path() + " have the same version " + version);
    }
    return script(file, version, matcher.group(2), settings);
  }

  private Optional<Script> script(
      BundleFile file,
      MigrationVersion version,
      String words,
      Map<String, Optional<Boolean>> settings) {
    String sql;
    try {
      sql = file.text();
    } catch (CharacterCodingException e) {
      problems.add(file.path() + ": is not UTF-8");
      return Optional.empty();
    }
    ScriptHeader header = ScriptHeader.parse(file.path(), sql, problems);
    if (version == null && header.minCompatibleCodeVersion().isPresent()) {
      problems.add(
          file.path() + ": minCompatibleCodeVersion belongs into a versioned script, not into R__");
    }
    Optional<Boolean> executeInTransaction =
        settings.getOrDefault(file.name() + CONF, Optional.empty());
    Script script =
        new Script(
            file.name(),
            version,
            words.replace('_', ' '),
            sql,
            FlywayText.checksum(file.name(), sql),
            executeInTransaction,
            header.minCompatibleCodeVersion());
    problems.addAll(TransactionRules.problems(file.path(), script));
    return Optional.of(script);
  }

  /** The {@code .sql.conf} files by name; each must stand beside its script. */
  private Map<String, Optional<Boolean>> settings(List<BundleFile> files) {
    List<String> names = files.stream().map(BundleFile::name).toList();
    Map<String, Optional<Boolean>> settings = new HashMap<>();
    for (BundleFile file : files) {
      if (file.name().endsWith(".sql" + CONF)) {
        String script = file.name().substring(0, file.name().length() - CONF.length());
        if (!names.contains(script)) {
          problems.add(file.path() + ": there is no " + script);
        }
        settings.put(file.name(), setting(file));
      }
    }
    return settings;
  }

  private Optional<Boolean> setting(BundleFile file) {
    Optional<Boolean> value = Optional.empty();
    int number = 0;
    try {
      for (String line : file.text().lines().toList()) {
        number++;
        Matcher matcher = SETTING.matcher(line);
        if (matcher.matches()) {
          value = Optional.of(Boolean.valueOf(matcher.group(1)));
        } else if (!line.isBlank() && !line.stripLeading().startsWith("#")) {
          problems.add(
              file.path() + ":" + number + ": only executeInTransaction=true|false may be set");
        }
      }
    } catch (CharacterCodingException e) {
      problems.add(file.path() + ": is not UTF-8");
    }
    return value;
  }

  private void refuseRepeatedNames(List<BundleFile> files) {
    Map<String, String> seen = new HashMap<>();
    for (BundleFile file : files) {
      String other = seen.putIfAbsent(file.name(), file.path());
      if (other != null) {
        problems.add(other + " and " + file.path() + " have the same file name");
      }
    }
  }

  private static String whyNotAScript(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    if (!lower.endsWith(".sql")) {
      return "is not an SQL script (V<version>__<name>.sql or R__<name>.sql)";
    }
    if (lower.matches("u[0-9].*")) {
      return "undo scripts (U) are not supported";
    }
    if (lower.matches("b[0-9].*")) {
      return "baseline scripts (B) are not supported";
    }
    if (lower.matches("(before|after|create).*")) {
      return "Flyway callbacks are not supported";
    }
    return "is not named V<version>__<name>.sql or R__<name>.sql (two underscores; digits, dots and single"
        + " underscores in the version, at most "
        + LONGEST_VERSION
        + ")";
  }
}
