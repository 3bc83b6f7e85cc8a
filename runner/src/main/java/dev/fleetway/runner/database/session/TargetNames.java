package dev.fleetway.runner.database.session;

import dev.fleetway.api.v1alpha1.TenantReason;
import dev.fleetway.api.v1alpha1.TenantSpec;
import dev.fleetway.runner.database.failure.TenantFailure;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The strict patterns of the CRD once more, before a driver sees a name: even the typed setters of
 * the driver read parameters out of a host name. The message never repeats the refused value.
 */
public final class TargetNames {
  private static final Pattern HOST = Pattern.compile(TenantSpec.Database.HOST_PATTERN);
  private static final Pattern IDENTIFIER = Pattern.compile(TenantSpec.Database.IDENTIFIER_PATTERN);
  private static final Pattern SECRET = Pattern.compile("^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$");
  private static final Pattern KEY = Pattern.compile(TenantSpec.CredentialsSecretRef.KEY_PATTERN);

  private TargetNames() {}

  public static Optional<TenantFailure> problem(TenantSpec.Database database) {
    TenantSpec.CredentialsSecretRef secret = database.credentialsSecretRef();
    if (!matches(HOST, database.host())) {
      return refused("host");
    }
    if (database.port() < 1 || database.port() > 65_535) {
      return refused("port");
    }
    if (!matches(IDENTIFIER, database.name())) {
      return refused("name");
    }
    if (!matches(IDENTIFIER, database.schema())) {
      return refused("schema");
    }
    if (database.role() != null && !matches(IDENTIFIER, database.role())) {
      return refused("role");
    }
    if (database.extensionSchemas() != null
        && !database.extensionSchemas().stream().allMatch(name -> matches(IDENTIFIER, name))) {
      return refused("extensionSchemas");
    }
    if (secret == null
        || !matches(SECRET, secret.name())
        || !matches(KEY, secret.usernameKey())
        || !matches(KEY, secret.passwordKey())
        || !isKeyOrAbsent(secret.caKey())
        || !isKeyOrAbsent(secret.certKey())
        || !isKeyOrAbsent(secret.keyKey())
        || (secret.certKey() == null) != (secret.keyKey() == null)) {
      return refused("credentialsSecretRef");
    }
    return Optional.empty();
  }

  private static boolean isKeyOrAbsent(String key) {
    return key == null || matches(KEY, key);
  }

  // matches(), not find(): with find() a trailing line break would slip past the $.
  private static boolean matches(Pattern pattern, String value) {
    return value != null && pattern.matcher(value).matches();
  }

  private static Optional<TenantFailure> refused(String field) {
    return Optional.of(
        new TenantFailure(
            TenantReason.InvalidTarget,
            "spec.database." + field + " is missing or has characters that are not allowed"));
  }
}
