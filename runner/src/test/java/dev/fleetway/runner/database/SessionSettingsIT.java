package dev.fleetway.runner.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetway.api.v1alpha1.TenantSpec;
import dev.fleetway.api.v1alpha1.TenantStatus.Outcome;
import dev.fleetway.runner.bundle.Bundle;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What a script finds its session set to, whatever an earlier script has set. */
class SessionSettingsIT extends OnEveryPostgres {
  private static final String SETTINGS =
      "SELECT name, setting FROM pg_settings WHERE name IN ('lock_timeout', 'statement_timeout',"
          + " 'idle_in_transaction_session_timeout', 'client_connection_check_interval',"
          + " 'tcp_keepalives_idle', 'tcp_keepalives_interval', 'tcp_keepalives_count',"
          + " 'application_name', 'client_min_messages')";

  @Test
  void transactionalScriptsRunUnderTheLockTimeoutOthersUnderTheTenantTimeoutAlone()
      throws IOException {
    TenantSpec.Database database = tenant("settings");
    Bundle bundle =
        bundleOf(
            "V1__inside.sql",
            "CREATE TABLE inside AS " + SETTINGS + ";",
            "V2__spoil.sql",
            "SET lock_timeout = 77; SET statement_timeout = 0; SET client_min_messages = debug;",
            "V3__outside.sql",
            "CREATE TABLE outside AS " + SETTINGS + ";",
            "V3__outside.sql.conf",
            "executeInTransaction=false");

    TenantResult result = migrate(bundle, "3", database, Duration.ofSeconds(30));

    assertThat(result.outcome()).isEqualTo(Outcome.Succeeded);
    Map<String, String> inside = settings("inside");
    Map<String, String> outside = settings("outside");
    assertThat(inside)
        .containsEntry("lock_timeout", Long.toString(LOCK_TIMEOUT.toMillis()))
        .containsEntry("client_connection_check_interval", "2000")
        .containsEntry("tcp_keepalives_idle", "30")
        .containsEntry("tcp_keepalives_interval", "10")
        .containsEntry("tcp_keepalives_count", "3")
        .containsEntry("application_name", "fleetway v112");
    assertThat(outside).containsEntry("lock_timeout", "0");
    for (Map<String, String> settings : List.of(inside, outside)) {
      assertThat(settings).containsEntry("client_min_messages", "error");
      // A little after the tenant timeout: the server's are for the case that the pod is gone.
      assertThat(Integer.parseInt(settings.get("statement_timeout"))).isBetween(20_000, 35_000);
      assertThat(Integer.parseInt(settings.get("idle_in_transaction_session_timeout")))
          .isBetween(20_000, 35_000);
    }
  }

  private Map<String, String> settings(String table) {
    Map<String, String> settings = new TreeMap<>();
    for (String line : server().query("settings", "SELECT name || '=' || setting FROM " + table)) {
      settings.put(line.substring(0, line.indexOf('=')), line.substring(line.indexOf('=') + 1));
    }
    return settings;
  }
}
