package dev.fleetway.cli.connect;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.util.Base64;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientKeyTest {
  @ParameterizedTest
  @CsvSource({"EC, true", "RSA, false"})
  void knowsAnEllipticKeyWhateverItsHeading(String algorithm, boolean elliptic)
      throws GeneralSecurityException {
    byte[] key =
        KeyPairGenerator.getInstance(algorithm).generateKeyPair().getPrivate().getEncoded();
    String pem =
        "-----BEGIN PRIVATE KEY-----\n"
            + Base64.getMimeEncoder().encodeToString(key)
            + "\n-----END PRIVATE KEY-----\n";
    Config config =
        new ConfigBuilder(Config.empty())
            .withClientKeyData(
                Base64.getEncoder().encodeToString(pem.getBytes(StandardCharsets.UTF_8)))
            .build();

    assertThat(ClientKey.isElliptic(config)).isEqualTo(elliptic);
  }
}
