package dev.fleetway.cli.tenant.imports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fleetway.cli.exit.CommandFailure;
import dev.fleetway.cli.tenant.imports.ImportedTenant.Login;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Passwords from real commands. */
class PasswordCommandIT {
  @Test
  void doesNotWaitForEver() {
    PasswordCommand hangs = new PasswordCommand("sleep 600; cat", Duration.ofSeconds(1));

    assertThatThrownBy(() -> hangs.decrypt(tenant()))
        .isInstanceOf(CommandFailure.class)
        .hasMessageContaining("did not end within 1s for tenant acme")
        .hasMessageNotContaining("secret");
  }

  @Test
  void saysWhichTenantACommandFailsFor() {
    assertThatThrownBy(() -> new PasswordCommand("exit 3").decrypt(tenant()))
        .hasMessageContaining("ended with 3 for tenant acme (line 2)");
    assertThatThrownBy(() -> new PasswordCommand("true").decrypt(tenant()))
        .hasMessageContaining("must print the password on one line");
  }

  @Test
  void takesWhatItPrints() {
    ImportedTenant decrypted =
        new PasswordCommand("cat; echo \"-$FLEETWAY_TENANT\"").decrypt(tenant());

    assertThat(decrypted.login()).contains(new Login("owner", "secret-acme"));
  }

  private static ImportedTenant tenant() {
    return new ImportedTenant(
        "line 2",
        "acme",
        Map.of(),
        Optional.empty(),
        Map.of("host", "pg-1", "name", "acme"),
        "acme-db",
        Optional.of(new Login("owner", "secret")));
  }
}
