package dev.fleetway.runner.bundle;

import dev.fleetway.runner.pod.PermanentError;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What stands for {@code ${name}} in the scripts of a run; names are read without regard to case,
 * as Flyway does. A value is pasted into the SQL as it is: it can be any SQL, and so is trusted
 * exactly as far as the author of the run and of the scripts. Nothing that a tenant's database says
 * is ever a value.
 */
public final class Placeholders {
  /** The name of the tenant: letters, digits, dots and hyphens. */
  public static final String TENANT = "fleetway.tenant";

  private static final String SCHEMA = "flyway:defaultschema";
  private static final String DATABASE = "flyway:database";
  private static final String TABLE = "flyway:table";
  private static final String FILE = "flyway:filename";

  private static final Set<String> OF_THE_TENANT = Set.of(TENANT, SCHEMA, DATABASE);
  private static final Pattern REFERENCE = Pattern.compile("\\$\\{([^}]*)\\}?");

  private final boolean enabled;
  private final Map<String, String> values;

  private Placeholders(boolean enabled, Map<String, String> values) {
    this.enabled = enabled;
    this.values = Map.copyOf(values);
  }

  /**
   * The placeholders of a run.
   *
   * @param values null: {@code ${…}} is left as it is
   */
  public static Placeholders of(Map<String, String> values) {
    if (values == null) {
      return new Placeholders(false, Map.of());
    }
    Map<String, String> lower = new HashMap<>();
    lower.put(TABLE, "flyway_schema_history");
    values.forEach(
        (name, value) -> {
          if (lower.put(key(name), value) != null) {
            throw new PermanentError(
                PermanentError.INVALID_CONFIGURATION,
                "migrations.placeholders has "
                    + name
                    + " twice, and its names are read without regard to case");
          }
        });
    return new Placeholders(true, lower);
  }

  /** The same with what is known of one tenant. */
  Placeholders with(String tenant, String database, String schema) {
    Map<String, String> all = new HashMap<>(values);
    all.put(TENANT, tenant);
    all.put(DATABASE, database);
    all.put(SCHEMA, schema);
    return new Placeholders(enabled, all);
  }

  /** Does the text differ from tenant to tenant? */
  boolean concernTheTenant(Script script) {
    if (!enabled) {
      return false;
    }
    Matcher matcher = REFERENCE.matcher(script.sql());
    while (matcher.find()) {
      if (OF_THE_TENANT.contains(key(matcher.group(1)))) {
        return true;
      }
    }
    return false;
  }

  /** The references that no tenant has a value for, each with file, line and what to do. */
  List<String> unknown(Script script) {
    if (!enabled) {
      return List.of();
    }
    List<String> problems = new ArrayList<>();
    Matcher matcher = REFERENCE.matcher(script.sql());
    while (matcher.find()) {
      String key = key(matcher.group(1));
      boolean closed = matcher.group().endsWith("}");
      if (!closed
          || !(values.containsKey(key) || OF_THE_TENANT.contains(key) || FILE.equals(key))) {
        long line = script.sql().substring(0, matcher.start()).lines().count();
        boolean startsLine =
            matcher.start() == 0 || script.sql().charAt(matcher.start() - 1) == '\n';
        problems.add(
            script.fileName()
                + ":"
                + (startsLine ? line + 1 : line)
                + ": "
                + (closed
                    ? "no value for ${" + matcher.group(1) + "}: add it to migrations.placeholders"
                    : "${ without an end"));
      }
    }
    return problems;
  }

  /** The text with the values in it. All references must have one. */
  String replace(Script script) {
    if (!enabled) {
      return script.sql();
    }
    return REFERENCE
        .matcher(script.sql())
        .replaceAll(
            match -> {
              String key = key(match.group(1));
              return Matcher.quoteReplacement(
                  FILE.equals(key) ? script.fileName() : values.get(key));
            });
  }

  private static String key(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
