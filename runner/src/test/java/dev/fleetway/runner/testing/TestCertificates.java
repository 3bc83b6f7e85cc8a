package dev.fleetway.runner.testing;

/**
 * An authority made for one test, and the certificate of a server that it signed, all as PEM.
 *
 * @param authority certificate of the authority
 * @param certificate certificate of the server
 * @param key private key of the server
 */
public record TestCertificates(String authority, String certificate, String key) {
  /** A certificate for this host name. */
  public static TestCertificates forHost(String host) {
    TestAuthority authority = TestAuthority.create();
    TestAuthority.Issued server = authority.server(host);
    return new TestCertificates(authority.pem(), server.certificate(), server.key());
  }
}
