package dev.fleetway.runner.testing;

import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** An authority made for one test, and what it signs, all as PEM. */
public final class TestAuthority {
  private static final X500Principal NAME = new X500Principal("CN=Test authority");

  private final KeyPair keys;
  private final String certificate;

  private TestAuthority(KeyPair keys, String certificate) {
    this.keys = keys;
    this.certificate = certificate;
  }

  /**
   * What an authority has signed.
   *
   * @param certificate PEM
   * @param key its private key, PEM, PKCS #8
   * @param keys the same key as an object
   */
  public record Issued(String certificate, String key, KeyPair keys) {
    /** The private key in the form that OpenSSL once wrote. */
    public String keyAsPkcs1() {
      return pem(keys.getPrivate());
    }

    /** The private key under a passphrase. */
    public String keyEncrypted() {
      try {
        Cipher cipher = Cipher.getInstance("PBEWithSHA1AndDESede");
        cipher.init(
            Cipher.ENCRYPT_MODE,
            SecretKeyFactory.getInstance("PBEWithSHA1AndDESede")
                .generateSecret(new PBEKeySpec("secret".toCharArray())));
        byte[] encrypted =
            new EncryptedPrivateKeyInfo(
                    cipher.getParameters(), cipher.doFinal(keys.getPrivate().getEncoded()))
                .getEncoded();
        return "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
            + Base64.getMimeEncoder().encodeToString(encrypted)
            + "\n-----END ENCRYPTED PRIVATE KEY-----\n";
      } catch (GeneralSecurityException | IOException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  public static TestAuthority create() {
    KeyPair keys = keys("RSA", 2048);
    return new TestAuthority(
        keys, pem(certificate(keys, keys, NAME, null, Instant.now().plus(Duration.ofHours(1)))));
  }

  /** The authority's own certificate. */
  public String pem() {
    return certificate;
  }

  /** For a server with this host name. */
  public Issued server(String host) {
    return issue("RSA", 2048, host, host, Instant.now().plus(Duration.ofHours(1)));
  }

  /** For a server, and past its time. */
  public Issued expiredServer(String host) {
    return issue("RSA", 2048, host, host, Instant.now().minus(Duration.ofMinutes(1)));
  }

  /** For a client who logs in as this user. */
  public Issued client(String user) {
    return issue("RSA", 2048, user, null, Instant.now().plus(Duration.ofHours(1)));
  }

  /** The same with an elliptic key. */
  public Issued ellipticClient(String user) {
    return issue("EC", 256, user, null, Instant.now().plus(Duration.ofHours(1)));
  }

  private Issued issue(String algorithm, int size, String name, String host, Instant end) {
    KeyPair subject = keys(algorithm, size);
    return new Issued(
        pem(certificate(keys, subject, new X500Principal("CN=" + name), host, end)),
        pkcs8(subject.getPrivate()),
        subject);
  }

  private static KeyPair keys(String algorithm, int size) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
      generator.initialize(size);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static X509CertificateHolder certificate(
      KeyPair issuer, KeyPair subject, X500Principal name, String host, Instant end) {
    try {
      JcaX509v3CertificateBuilder builder =
          new JcaX509v3CertificateBuilder(
              NAME,
              new BigInteger(64, new SecureRandom()),
              Date.from(Instant.now().minus(Duration.ofHours(1))),
              Date.from(end),
              name,
              subject.getPublic());
      builder.addExtension(
          Extension.basicConstraints, true, new BasicConstraints(issuer == subject));
      if (host != null) {
        builder.addExtension(
            Extension.subjectAlternativeName,
            false,
            new GeneralNames(new GeneralName(GeneralName.dNSName, host)));
      }
      return builder.build(new JcaContentSignerBuilder("SHA256withRSA").build(issuer.getPrivate()));
    } catch (OperatorCreationException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String pkcs8(PrivateKey key) {
    try {
      return pem(new JcaPKCS8Generator(key, null));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String pem(Object object) {
    StringWriter text = new StringWriter();
    try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
      writer.writeObject(object);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return text.toString();
  }
}
