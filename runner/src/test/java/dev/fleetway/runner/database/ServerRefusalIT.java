package dev.fleetway.runner.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetway.api.v1alpha1.TenantReason;
import dev.fleetway.api.v1alpha1.TenantSpec;
import dev.fleetway.api.v1alpha1.TenantStatus.Outcome;
import dev.fleetway.runner.bundle.Bundle;
import dev.fleetway.runner.testing.Forwarder;
import dev.fleetway.runner.testing.Provokes;
import dev.fleetway.runner.testing.TestTenants;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Servers that answer, but not as a migration needs it. */
class ServerRefusalIT extends OnEveryPostgres {
  @Test
  @Provokes(TenantReason.PoolerNotSupported)
  void whoGivesProcessIdsOfItsOwnIsAPooler() {
    tenant("pooled");
    try (Forwarder pooler = Forwarder.poolerOf(server())) {
      TenantResult result =
          migrate(
              bundle(),
              "112",
              inTheClear(
                  TestTenants.database("localhost", pooler.port(), "pooled", "public", null)));

      assertThat(result.reason()).isEqualTo(TenantReason.PoolerNotSupported);
      assertThat(result.tries()).isEqualTo(1);
      assertThat(
              server()
                  .query("pooled", "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"))
          .isEmpty();
    }
  }

  @Test
  @Provokes(TenantReason.PoolerNotSupported)
  void aPoolerThatRefusesAParameterOfTheLoginIsNamed() throws IOException {
    tenant("refusing");
    try (ServerSocket pooler = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      Thread answers = new Thread(() -> refuseLikePgBouncer(pooler), "pooler");
      answers.setDaemon(true);
      answers.start();

      TenantResult result =
          migrate(
              bundle(),
              "112",
              TestTenants.database("localhost", pooler.getLocalPort(), "refusing", "public", null));

      assertThat(result.reason()).isEqualTo(TenantReason.PoolerNotSupported);
      assertThat(result.sqlState()).isEqualTo("08P01");
      assertThat(result.message()).startsWith("unsupported startup parameter");
    }
  }

  @Test
  @Provokes(TenantReason.ReadOnlyServer)
  void transactionsThatMayNotWriteAreToldBeforeAnythingIsTried() {
    TenantSpec.Database database = tenant("readonly");
    server().execute("postgres", "ALTER DATABASE readonly SET default_transaction_read_only = on");

    TenantResult result = migrate(bundle(), "112", database);

    assertThat(result.reason()).isEqualTo(TenantReason.ReadOnlyServer);
    assertThat(result.sqlState()).isEqualTo("25006");
    assertThat(result.message()).contains("default_transaction_read_only");
    assertThat(result.duration()).isLessThan(Duration.ofSeconds(5));
  }

  @Test
  @Provokes(TenantReason.ReadOnlyServer)
  void aServerThatBecomesReadOnlyWhileAScriptRunsIsToldByTheServer() throws IOException {
    TenantSpec.Database database = tenant("readonlylater");
    Bundle bundle = bundleOf("V1__r.sql", "SET TRANSACTION READ ONLY; CREATE TABLE t (a int);");

    TenantResult result = migrate(bundle, "1", database);

    assertThat(result.reason()).isEqualTo(TenantReason.ReadOnlyServer);
    assertThat(result.sqlState()).isEqualTo("25006");
  }

  @Test
  @Provokes(TenantReason.DiskFull)
  void aDeviceWithoutSpaceIsADiskThatIsFull() throws IOException {
    TenantSpec.Database database = tenant("full");
    server().execute("postgres", "GRANT pg_write_server_files TO \"full-owner\"");

    TenantResult result =
        migrate(bundleOf("V1__c.sql", "COPY (SELECT 1) TO '/dev/full';"), "1", database);

    assertThat(result.reason()).isEqualTo(TenantReason.DiskFull);
    assertThat(result.sqlState()).isEqualTo("53100");
  }

  @Test
  void wordsOfAnotherServerBehindAForeignTableOrDblinkAreLeftOut() throws IOException {
    TenantSpec.Database database = tenant("foreignwords");
    server()
        .execute(
            "foreignwords",
            """
            CREATE SCHEMA remote;
            CREATE FUNCTION remote.fails() RETURNS int LANGUAGE plpgsql
              AS $f$ BEGIN RAISE EXCEPTION 'ada@row.test owes us' USING ERRCODE = '22012'; END $f$;
            CREATE VIEW remote.v AS SELECT remote.fails() AS a;
            CREATE TABLE remote.t (a text); INSERT INTO remote.t VALUES ('ada@row.test');
            CREATE EXTENSION postgres_fdw;
            CREATE EXTENSION dblink SCHEMA remote;
            CREATE SCHEMA local;
            GRANT USAGE ON SCHEMA local TO PUBLIC;
            CREATE SERVER loop FOREIGN DATA WRAPPER postgres_fdw
              OPTIONS (host '127.0.0.1', port '%d', dbname 'foreignwords');
            CREATE USER MAPPING FOR PUBLIC SERVER loop
              OPTIONS (user 'postgres', password 'postgres', password_required 'false');
            CREATE FOREIGN TABLE local.v (a int) SERVER loop
              OPTIONS (schema_name 'remote', table_name 'v');
            CREATE FOREIGN TABLE local.number (a int) SERVER loop
              OPTIONS (schema_name 'remote', table_name 't');
            GRANT ALL ON local.v, local.number TO PUBLIC;
            CREATE FUNCTION local.dblinked() RETURNS int SECURITY DEFINER LANGUAGE sql AS
              $f$ SELECT a FROM remote.dblink('host=127.0.0.1 port=%d dbname=foreignwords'
                || ' user=postgres password=postgres', 'SELECT remote.fails()') AS r(a int) $f$;
            """
                .formatted(server().port(), server().port()));

    TenantResult raised = migrate(bundleOf("V1__v.sql", "SELECT * FROM local.v;"), "1", database);
    TenantResult cast =
        migrate(bundleOf("V1__n.sql", "SELECT * FROM local.number;"), "1", database);
    TenantResult linked = migrate(bundleOf("V1__d.sql", "SELECT local.dblinked();"), "1", database);

    for (TenantResult result : List.of(raised, cast, linked)) {
      assertThat(result.outcome()).isEqualTo(Outcome.Failed);
      assertThat(result.message()).doesNotContain("ada", "owes");
    }
    assertThat(raised.sqlState()).isEqualTo("22012");
    assertThat(raised.message()).contains("another server");
    assertThat(linked.sqlState()).isEqualTo("22012");
    assertThat(linked.message()).contains("another server");
    assertThat(cast.sqlState()).isEqualTo("22P02");
  }

  /** What PgBouncer answers to a parameter that it neither keeps nor is told to ignore. */
  private static void refuseLikePgBouncer(ServerSocket pooler) {
    try {
      while (true) {
        try (Socket client = pooler.accept()) {
          DataInputStream in = new DataInputStream(client.getInputStream());
          DataOutputStream out = new DataOutputStream(client.getOutputStream());
          int length = in.readInt();
          in.skipNBytes(length - 4);
          if (length == 8) {
            // The request for TLS.
            out.writeByte('N');
            in.skipNBytes(in.readInt() - 4);
          }
          ByteArrayOutputStream fields = new ByteArrayOutputStream();
          for (String field :
              new String[] {
                "SFATAL", "VFATAL", "C08P01", "Munsupported startup parameter: extra_float_digits"
              }) {
            fields.writeBytes(field.getBytes(StandardCharsets.UTF_8));
            fields.write(0);
          }
          fields.write(0);
          out.writeByte('E');
          out.writeInt(fields.size() + 4);
          fields.writeTo(out);
          out.flush();
        }
      }
    } catch (IOException e) {
      // The test has ended.
    }
  }

  /** What is encrypted a forwarder cannot change. */
  private static TenantSpec.Database inTheClear(TenantSpec.Database database) {
    return new TenantSpec.Database(
        database.host(),
        database.port(),
        database.name(),
        database.schema(),
        database.extensionSchemas(),
        database.role(),
        TenantSpec.SslMode.DISABLE,
        database.credentialsSecretRef());
  }
}
