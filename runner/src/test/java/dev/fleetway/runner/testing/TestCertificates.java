package dev.fleetway.runner.testing;

import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * An authority made for one test, and the certificate of a server that it signed, all as PEM.
 *
 * @param authority certificate of the authority
 * @param certificate certificate of the server
 * @param key private key of the server
 */
public record TestCertificates(String authority, String certificate, String key) {
  private static final X500Principal AUTHORITY = new X500Principal("CN=Test authority");

  /** A certificate for this host name. */
  public static TestCertificates forHost(String host) {
    try {
      KeyPair authority = keys();
      KeyPair server = keys();
      return new TestCertificates(
          pem(certificate(authority, authority, AUTHORITY, null)),
          pem(certificate(authority, server, new X500Principal("CN=" + host), host)),
          pem(server.getPrivate()));
    } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static KeyPair keys() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    return generator.generateKeyPair();
  }

  private static X509CertificateHolder certificate(
      KeyPair issuer, KeyPair subject, X500Principal name, String host)
      throws OperatorCreationException, IOException {
    Instant now = Instant.now();
    JcaX509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            AUTHORITY,
            BigInteger.valueOf(now.toEpochMilli()),
            Date.from(now.minus(Duration.ofHours(1))),
            Date.from(now.plus(Duration.ofHours(1))),
            name,
            subject.getPublic());
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(host == null));
    if (host != null) {
      builder.addExtension(
          Extension.subjectAlternativeName,
          false,
          new GeneralNames(new GeneralName(GeneralName.dNSName, host)));
    }
    return builder.build(new JcaContentSignerBuilder("SHA256withRSA").build(issuer.getPrivate()));
  }

  private static String pem(Object object) throws IOException {
    StringWriter text = new StringWriter();
    try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
      writer.writeObject(object);
    }
    return text.toString();
  }
}
