package dev.fleetway.runner.database.session;

import dev.fleetway.api.v1alpha1.TenantSpec.SslMode;
import dev.fleetway.runner.database.failure.TenantFailure.TenantFailureException;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/**
 * The TLS of a tenant's connection: whom it trusts, and what it shows. Made by ourselves and not by
 * the driver, which would read certificates and keys from the home directory where none is set, and
 * wants keys as files of its own form.
 */
final class TenantTls {
  private TenantTls() {}

  static SSLContext context(SslMode mode, Login login) throws TenantFailureException {
    Optional<ClientCertificate> client = login.clientCertificate();
    if (client.isEmpty() && !verifies(mode)) {
      return Encrypting.CONTEXT;
    }
    try {
      return context(
          client.isPresent() ? client.get().keyManagers() : null,
          verifies(mode) ? trusted(login) : new TrustManager[] {new Anybody()});
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK cannot do TLS", e);
    }
  }

  private static SSLContext context(KeyManager[] shown, TrustManager[] trusted)
      throws GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(shown, trusted, null);
    return context;
  }

  private static TrustManager[] trusted(Login login)
      throws GeneralSecurityException, TenantFailureException {
    Optional<PemFile> authorities = login.authorities();
    return authorities.isPresent()
        ? trusting(authorities.get().certificates())
        : DefaultAuthorities.MANAGERS;
  }

  static boolean verifies(SslMode mode) {
    return mode == SslMode.VERIFY_CA || mode == SslMode.VERIFY_FULL;
  }

  private static TrustManager[] trusting(List<X509Certificate> authorities)
      throws GeneralSecurityException {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      for (int i = 0; i < authorities.size(); i++) {
        store.setCertificateEntry("authority-" + i, authorities.get(i));
      }
      return managers(store);
    } catch (IOException e) {
      throw new IllegalStateException("an empty key store cannot be made", e);
    }
  }

  private static TrustManager[] managers(KeyStore store) throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }

  /** The JDK's own, read once and only where they are asked for: there are many of them. */
  private static final class DefaultAuthorities {
    private static final TrustManager[] MANAGERS = load();

    private static TrustManager[] load() {
      try {
        return managers(null);
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("the JDK's authorities cannot be read", e);
      }
    }
  }

  /** Where nothing of a tenant goes in, one context does for all, and can resume sessions. */
  private static final class Encrypting {
    private static final SSLContext CONTEXT = make();

    private static SSLContext make() {
      try {
        return context(null, new TrustManager[] {new Anybody()});
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("this JDK cannot do TLS", e);
      }
    }
  }

  /** For prefer and require, which encrypt and do not ask for whom. */
  private static final class Anybody implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
