package dev.fleetway.runner.database.session;

import dev.fleetway.api.v1alpha1.TenantReason;
import dev.fleetway.api.v1alpha1.TenantSpec.CredentialsSecretRef;
import dev.fleetway.runner.database.failure.TenantFailure;
import dev.fleetway.runner.database.failure.TenantFailure.TenantFailureException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/** What the mounted Secret holds for one tenant; read late, kept short and never printed. */
public final class Login {
  private static final Pattern LAST_LINE_BREAK = Pattern.compile("\\r?\\n\\z");

  private final String user;
  private final String password;
  private final PemFile authorities;
  private final ClientCertificate clientCertificate;

  private Login(
      String user, String password, PemFile authorities, ClientCertificate clientCertificate) {
    this.user = user;
    this.password = password;
    this.authorities = authorities;
    this.clientCertificate = clientCertificate;
  }

  /** Reads {@code <directory>/<secret>/<key>}. The names must have passed {@link TargetNames}. */
  public static Login read(Path directory, CredentialsSecretRef secret)
      throws TenantFailureException {
    Path files = directory.resolve(secret.name());
    String user = line(files, secret.usernameKey());
    boolean certified = secret.certKey() != null;
    // A server that asks for a certificate may be content with it.
    String password =
        certified && Files.notExists(files.resolve(secret.passwordKey()))
            ? ""
            : line(files, secret.passwordKey());
    return new Login(
        user,
        password,
        secret.caKey() == null ? null : pem(files, secret.caKey()),
        certified
            ? ClientCertificate.of(pem(files, secret.certKey()), pem(files, secret.keyKey()))
            : null);
  }

  String user() {
    return user;
  }

  String password() {
    return password;
  }

  /** The certificate authorities; empty when the JDK's count. */
  Optional<PemFile> authorities() {
    return Optional.ofNullable(authorities);
  }

  /** What is shown to a server that asks for it. */
  Optional<ClientCertificate> clientCertificate() {
    return Optional.ofNullable(clientCertificate);
  }

  /** Whether a server would see no difference. */
  boolean isSame(Login other) {
    return user.equals(other.user)
        && password.equals(other.password)
        && Objects.equals(authorities, other.authorities)
        && Objects.equals(clientCertificate, other.clientCertificate);
  }

  @Override
  public String toString() {
    return "Login";
  }

  private static PemFile pem(Path files, String key) throws TenantFailureException {
    return new PemFile(key, text(files, key));
  }

  private static String line(Path files, String key) throws TenantFailureException {
    // Secrets made from a file end in the line break of the editor.
    String value = LAST_LINE_BREAK.matcher(text(files, key)).replaceFirst("");
    // The driver puts a text between zero bytes: one inside would end it, and begin a parameter.
    if (value.indexOf('\0') >= 0) {
      throw unreadable(files, key);
    }
    return value;
  }

  private static String text(Path files, String key) throws TenantFailureException {
    try {
      return Files.readString(files.resolve(key));
    } catch (NoSuchFileException e) {
      throw new TenantFailure(
              TenantReason.SecretMissing,
              "Secret " + files.getFileName() + " has no key " + key + ", or is missing")
          .toException();
    } catch (IOException e) {
      throw unreadable(files, key);
    }
  }

  private static TenantFailureException unreadable(Path files, String key) {
    return new TenantFailure(
            TenantReason.SecretMissing,
            "key " + key + " of Secret " + files.getFileName() + " cannot be read as text")
        .toException();
  }
}
