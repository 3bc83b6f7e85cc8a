package dev.fleetway.runner.database.session;

import dev.fleetway.runner.database.failure.TenantFailure.TenantFailureException;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;

/**
 * The certificate that a tenant's session shows to the server, and its key. In memory only.
 *
 * @param chain the certificate, then those that signed it
 * @param key of the certificate
 */
record ClientCertificate(List<X509Certificate> chain, PrivateKey key) {
  private static final byte[] PROBE = {1, 2, 3, 4};

  ClientCertificate {
    chain = List.copyOf(chain);
  }

  static ClientCertificate of(PemFile certificate, PemFile key) throws TenantFailureException {
    List<X509Certificate> chain = certificate.certificates();
    PublicKey publicKey = chain.get(0).getPublicKey();
    PrivateKey privateKey = key.privateKey(publicKey.getAlgorithm());
    // A server would only say that the handshake failed.
    if (!belongTogether(publicKey, privateKey)) {
      throw key.broken("is not the private key of the certificate in " + certificate.key());
    }
    return new ClientCertificate(chain, privateKey);
  }

  KeyManager[] keyManagers() throws GeneralSecurityException {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setKeyEntry("client", key, new char[0], chain.toArray(X509Certificate[]::new));
      KeyManagerFactory managers =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      managers.init(store, new char[0]);
      return managers.getKeyManagers();
    } catch (IOException e) {
      throw new IllegalStateException("an empty key store cannot be made", e);
    }
  }

  @Override
  public String toString() {
    return "ClientCertificate";
  }

  private static boolean belongTogether(PublicKey publicKey, PrivateKey privateKey) {
    try {
      Signature signature = Signature.getInstance(signatureOf(publicKey.getAlgorithm()));
      signature.initSign(privateKey);
      signature.update(PROBE);
      byte[] signed = signature.sign();
      signature.initVerify(publicKey);
      signature.update(PROBE);
      return signature.verify(signed);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private static String signatureOf(String algorithm) {
    return switch (algorithm) {
      case "RSA" -> "SHA256withRSA";
      case "EC" -> "SHA256withECDSA";
      case "DSA" -> "SHA256withDSA";
      default -> algorithm;
    };
  }
}
