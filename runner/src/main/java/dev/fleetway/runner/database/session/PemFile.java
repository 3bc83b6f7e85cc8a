package dev.fleetway.runner.database.session;

import dev.fleetway.api.v1alpha1.TenantReason;
import dev.fleetway.runner.database.failure.TenantFailure;
import dev.fleetway.runner.database.failure.TenantFailure.TenantFailureException;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One key of a credentials Secret that holds PEM. What is wrong with it is said without a word of
 * its content.
 *
 * @param key the key in the Secret, for messages
 * @param text the content
 */
record PemFile(String key, String text) {
  private static final Pattern PRIVATE_KEY =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]*)-----END PRIVATE KEY-----");

  /** The certificates, in their order. */
  List<X509Certificate> certificates() throws TenantFailureException {
    try {
      List<X509Certificate> certificates =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)))
              .stream()
              .map(X509Certificate.class::cast)
              .toList();
      if (!certificates.isEmpty()) {
        return certificates;
      }
    } catch (GeneralSecurityException e) {
      // Said below, without the text of the exception, which may repeat the content.
    }
    throw broken("holds no certificate in PEM");
  }

  /**
   * The private key.
   *
   * @param algorithm that of the certificate it belongs to
   */
  PrivateKey privateKey(String algorithm) throws TenantFailureException {
    if (text.contains("BEGIN ENCRYPTED PRIVATE KEY")) {
      throw broken("holds an encrypted key: remove its passphrase with 'openssl pkcs8'");
    }
    Matcher matcher = PRIVATE_KEY.matcher(text);
    if (!matcher.find()) {
      throw broken(
          text.contains("PRIVATE KEY")
              ? "holds a key in another form than PKCS #8: convert it with 'openssl pkcs8 -topk8"
                  + " -nocrypt'"
              : "holds no private key in PEM");
    }
    byte[] encoded = null;
    try {
      encoded = Base64.getMimeDecoder().decode(matcher.group(1));
      return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(encoded));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw broken("holds no private key that fits the certificate");
    } finally {
      if (encoded != null) {
        Arrays.fill(encoded, (byte) 0);
      }
    }
  }

  TenantFailureException broken(String what) {
    return new TenantFailure(
            TenantReason.TlsFailed, "key " + key + " of the credentials Secret " + what)
        .toException();
  }

  @Override
  public String toString() {
    return "PemFile[" + key + "]";
  }
}
