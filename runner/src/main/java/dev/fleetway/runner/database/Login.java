package dev.fleetway.runner.database;

import dev.fleetway.api.v1alpha1.TenantReason;
import dev.fleetway.api.v1alpha1.TenantSpec.CredentialsSecretRef;
import dev.fleetway.runner.database.TenantFailure.TenantFailureException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/** User, password and authorities from the mounted Secret; read late and never printed. */
final class Login {
  private static final Pattern LAST_LINE_BREAK = Pattern.compile("\\r?\\n\\z");

  private final String user;
  private final String password;
  private final Path authorities;

  private Login(String user, String password, Path authorities) {
    this.user = user;
    this.password = password;
    this.authorities = authorities;
  }

  /** Reads {@code <directory>/<secret>/<key>}. The names must have passed {@link TargetNames}. */
  static Login read(Path directory, CredentialsSecretRef secret) throws TenantFailureException {
    Path authorities = null;
    if (secret.caKey() != null) {
      authorities = directory.resolve(secret.name()).resolve(secret.caKey());
      if (!Files.isReadable(authorities)) {
        throw missing(secret.name(), secret.caKey());
      }
    }
    return new Login(
        value(directory, secret.name(), secret.usernameKey()),
        value(directory, secret.name(), secret.passwordKey()),
        authorities);
  }

  String user() {
    return user;
  }

  String password() {
    return password;
  }

  /** The file with the certificate authorities; empty when the JDK's count. */
  Optional<Path> authorities() {
    return Optional.ofNullable(authorities);
  }

  @Override
  public String toString() {
    return "Login";
  }

  private static String value(Path directory, String secret, String key)
      throws TenantFailureException {
    try {
      String value = Files.readString(directory.resolve(secret).resolve(key));
      // Secrets made from a file end in the line break of the editor.
      return LAST_LINE_BREAK.matcher(value).replaceFirst("");
    } catch (NoSuchFileException e) {
      throw missing(secret, key);
    } catch (IOException e) {
      throw new TenantFailure(
              TenantReason.SecretMissing,
              "key " + key + " of Secret " + secret + " cannot be read as text")
          .toException();
    }
  }

  private static TenantFailureException missing(String secret, String key) {
    return new TenantFailure(
            TenantReason.SecretMissing,
            "Secret " + secret + " has no key " + key + ", or is missing")
        .toException();
  }
}
