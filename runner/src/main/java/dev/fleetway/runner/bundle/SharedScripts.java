package dev.fleetway.runner.bundle;

import dev.fleetway.runner.pod.PermanentError;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.flywaydb.core.api.MigrationVersion;

/**
 * The scripts of a run as they are executed. What is the same for all tenants is parsed once per
 * pod, at the first tenant that needs it: a pod whose tenants are at head parses nothing.
 */
public final class SharedScripts {
  private final Bundle bundle;
  private final Placeholders placeholders;
  private final Map<String, ParsedScript> parsed = new ConcurrentHashMap<>();
  private final Map<String, Integer> checksums;

  private SharedScripts(Bundle bundle, Placeholders placeholders) {
    this.bundle = bundle;
    this.placeholders = placeholders;
    this.checksums =
        bundle.repeatables().stream()
            .filter(script -> !placeholders.concernTheTenant(script))
            .collect(
                Collectors.toMap(
                    Script::fileName,
                    script ->
                        FlywayText.checksum(script.fileName(), placeholders.replace(script))));
  }

  /**
   * The scripts.
   *
   * @throws PermanentError when a script up to the head, or a repeatable one, refers to a
   *     placeholder without a value: it would fail in every tenant
   */
  public static SharedScripts of(Bundle bundle, MigrationVersion head, Placeholders placeholders) {
    List<String> problems =
        Stream.concat(
                bundle.scripts().stream().filter(script -> script.version().compareTo(head) <= 0),
                bundle.repeatables().stream())
            .flatMap(script -> placeholders.unknown(script).stream())
            .toList();
    if (!problems.isEmpty()) {
      throw new PermanentError(PermanentError.INVALID_BUNDLE, String.join("; ", problems));
    }
    return new SharedScripts(bundle, placeholders);
  }

  public Bundle bundle() {
    return bundle;
  }

  /** The scripts for one tenant. */
  public TenantScripts forTenant(String tenant, String database, String schema) {
    return new TenantScripts(this, placeholders.with(tenant, database, schema));
  }

  int checksum(Script script, Placeholders ofTenant) {
    if (!script.isRepeatable()) {
      return script.checksum();
    }
    Integer shared = checksums.get(script.fileName());
    return shared != null
        ? shared
        : FlywayText.checksum(script.fileName(), ofTenant.replace(script));
  }

  ParsedScript parsed(Script script, Placeholders ofTenant) {
    return placeholders.concernTheTenant(script)
        ? FlywayText.parse(script, ofTenant.replace(script))
        : parsed.computeIfAbsent(
            script.fileName(), name -> FlywayText.parse(script, placeholders.replace(script)));
  }
}
