package dev.fleetway.cli.tenant.imports;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetway.api.v1alpha1.Tenant;
import dev.fleetway.api.v1alpha1.TenantSpec.SslMode;
import dev.fleetway.api.v1alpha1.TenantSpec.State;
import dev.fleetway.cli.ClusterCommands;
import dev.fleetway.cli.testing.Ran;
import dev.fleetway.runner.testing.TestPostgres;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code tenants import} from files and from a real PostgreSQL, into a real API server. */
class ImportIT extends ClusterCommands {
  private static final String FLEET =
      """
      name,host,port,database,schema,username,password,plan
      acme,pg-1.db.svc,5433,acme,,acme,"s3cret, ""quoted"" word",gold
      globex,pg-1.db.svc,,shared,globex,shared,s3cret-globex ,

      hooli,pg-2.db.svc,,hooli,,hooli,s3cret-hooli,silver
      """;

  @Test
  void createsTenantsAndSecretsFromCsvAndLeavesThemAloneTheSecondTime() throws IOException {
    Path csv = file("fleet.csv", FLEET);

    Ran dry = imported("--csv", csv.toString(), "--label", "tier=plan", "--dry-run");
    assertGolden("tenants-import-dry-run.txt", dry.out() + "--\n" + dry.err());
    assertThat(tenants()).isEmpty();
    assertThat(secrets()).isEmpty();

    Ran ran = imported("--csv", csv.toString(), "--label", "tier=plan", "-o", "json");
    assertThat(ran.exitCode()).isZero();
    assertGolden("tenants-import.json", ran.out());
    assertThat(ran.err()).isEqualTo("3 tenants: 3 created, 0 changed, 0 unchanged\n");
    Tenant acme = tenant("acme");
    assertThat(acme.getMetadata().getLabels()).isEqualTo(Map.of("tier", "gold"));
    assertThat(acme.getSpec().database().server()).isEqualTo("pg-1.db.svc:5433");
    assertThat(acme.getSpec().database().schema()).isEqualTo("public");
    assertThat(acme.getSpec().database().credentialsSecretRef().name()).isEqualTo("acme-db");
    assertThat(tenant("globex").getSpec().database().schema()).isEqualTo("globex");
    assertThat(password("acme-db")).isEqualTo("s3cret, \"quoted\" word");
    assertThat(password("globex-db")).isEqualTo("s3cret-globex ");

    List<String> versions = versions();
    Ran again = imported("--csv", csv.toString(), "--label", "tier=plan");
    assertThat(again.err()).isEqualTo("3 tenants: 0 created, 0 changed, 3 unchanged\n");
    assertThat(versions()).as("nothing is written where nothing changes").isEqualTo(versions);
  }

  @Test
  void showsWhatChangesButNoPassword() throws IOException {
    imported("--csv", file("fleet.csv", FLEET).toString(), "--label", "tier=plan");
    Path changed =
        file(
            "fleet.csv",
            FLEET
                .replace("hooli,pg-2.db.svc", "hooli,pg-3.db.svc")
                .replace("s3cret-globex ,", "s3cret-new,bronze")
                .replaceAll("(?m)^acme.*\n", ""));

    Ran dry = imported("--csv", changed.toString(), "--label", "tier=plan", "--dry-run");
    assertGolden("tenants-import-changes.txt", dry.out() + "--\n" + dry.err());
    Ran ran = imported("--csv", changed.toString(), "--label", "tier=plan");
    assertThat(ran.out()).isEqualTo(dry.out());
    assertThat(ran.out() + ran.err()).doesNotContain("s3cret");
    assertThat(tenant("hooli").getSpec().database().host()).isEqualTo("pg-3.db.svc");
    assertThat(password("globex-db")).isEqualTo("s3cret-new");
    assertThat(tenant("acme").getSpec()).as("nothing is deleted").isNotNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "hooli,pg-2.db.svc|hooli,pg-2.db.svc,|line 5, column 9: the line has 9 values",
        ",s3cret-hooli,silver|,s3cret-hooli|line 5, column plan: the line has 7 values",
        "hooli,pg-2.db.svc|hooli,\"pg-2.db.svc|line 5: a quote is not closed",
        "hooli,pg-2.db.svc|hooli,\"pg-2\"x|(noticed in line 5, column",
        "hooli,pg-2.db.svc|hooli,pg-2/?x=y|line 5, column host: not allowed: a host is a DNS name",
        "hooli,pg-2.db.svc|Hooli,pg-2|line 5, column name: not allowed: a name of Kubernetes has",
        "hooli,pg-2.db.svc|acme,pg-2|line 5, column name: tenant acme stands already in line 2",
        "hooli,pg-2.db.svc|,pg-2|line 5, column name: it is empty",
        "5433|70000|line 2, column port: not allowed: a port is a number from 1 to 65535",
        "shared,globex|shared,glo bex|line 3, column schema: not allowed: it must begin with",
        "s3cret-hooli|``|line 5, column password: it is empty",
        "s3cret-hooli|s3cret\u0000hooli|has a character of code 0: it is no text in UTF-8",
        "name,host|name,hostname|has no column host; it has: name, hostname, port,",
        "username,|host,|has two columns named host",
      })
  void aBrokenFileWritesNothing(String before, String after, String message) throws IOException {
    Path csv = file("fleet.csv", FLEET.replace(before, after));

    Ran ran = imported("--csv", csv.toString(), "--label", "tier=plan");

    assertThat(ran.exitCode()).isEqualTo(4);
    assertThat(ran.out()).isEmpty();
    assertThat(ran.err()).startsWith("fleetway: fleet.csv").contains(message).hasLineCount(1);
    assertThat(ran.err()).doesNotContain("s3cret");
    assertThat(tenants()).isEmpty();
    assertThat(secrets()).isEmpty();
  }

  @Test
  void saysWhichSourceAndWhichSeparator() throws IOException {
    Path csv = file("fleet.csv", FLEET.replace(',', ';'));
    Path tabs = file("tabs.csv", FLEET.replace(',', '\t'));
    Path nobody = file("nobody.json", "[]");

    assertLine(imported("--csv", csv.toString()), "say --csv-separator");
    assertThat(imported("--csv", csv.toString(), "--csv-separator", "").err())
        .contains("'' is not one character");
    assertLine(imported("--json", nobody.toString()), "nobody.json is empty");
    assertThat(imported().err())
        .isEqualTo(imported("--csv", csv.toString(), "--json", csv.toString()).err())
        .isEqualTo(
            "fleetway: say where the tenants are, once: --csv FILE, --json FILE or --jdbc-url URL\n");
    Ran read = imported("--csv", tabs.toString(), "--csv-separator", "\\t", "--dry-run");
    assertThat(read.exitCode()).as(read.err()).isZero();
  }

  @Test
  void tellsAllProblemsOfAFileAtOnce() throws IOException {
    Path csv = file("fleet.csv", FLEET.replace("5433", "x").replace("shared,globex", "1,2"));

    Ran ran = imported("--csv", csv.toString());

    assertThat(ran.exitCode()).isEqualTo(4);
    assertThat(ran.err().lines())
        .hasSize(4)
        .last()
        .isEqualTo("fleetway: fleet.csv has 3 problems. Nothing was written");
    assertThat(tenants()).isEmpty();
  }

  @Test
  void readsJsonAndLeavesThePasswordsToOthers() throws IOException {
    Path json =
        file(
            "fleet.json",
            """
            [{"slug": "acme", "db": {"a": 1}}]
            """);
    assertThat(imported("--json", json.toString(), "--column", "name=slug").err())
        .contains("fleet.json, element 1, field db: it must be a text or a number");
    Files.writeString(
        json,
        """
        [
          {"slug": "acme", "host": "pg-1", "port": 5433, "db": "acme", "vault": "acme-login",
           "sslmode": "verify-full", "state": "ReadOnly", "password": "not read"}
        ]
        """,
        StandardCharsets.UTF_8);

    Ran ran =
        imported(
            "--json",
            json.toString(),
            "--column",
            "name=slug",
            "--column",
            "database=db",
            "--secret-name-column",
            "vault");

    assertThat(ran.err()).isEqualTo("1 tenant: 1 created, 0 changed, 0 unchanged\n");
    assertThat(secrets()).isEmpty();
    assertThat(tenant("acme").getSpec().database().credentialsSecretRef().name())
        .isEqualTo("acme-login");
    assertThat(tenant("acme").getSpec().database().sslMode()).isEqualTo(SslMode.VERIFY_FULL);
    assertThat(tenant("acme").getSpec().state()).isEqualTo(State.ReadOnly);
    assertThat(imported("--json", file("bad.json", "[{]").toString()).err())
        .isEqualTo("fleetway: bad.json, line 1, column 3: this is no JSON\n");
  }

  @Test
  void doesNotTakeWhatSomebodyElseHasSetUnlessToldTo() throws IOException {
    Path csv = file("fleet.csv", FLEET);
    imported("--csv", csv.toString());
    Tenant unused =
        client()
            .resources(Tenant.class)
            .inNamespace(namespace())
            .withName("acme")
            .patch(
                new PatchContext.Builder()
                    .withPatchType(PatchType.JSON_MERGE)
                    .withFieldManager("alice")
                    .build(),
                "{\"spec\":{\"database\":{\"host\":\"pg-9\"}}}");

    Ran ran = imported("--csv", csv.toString());
    assertThat(ran.exitCode()).isEqualTo(4);
    assertThat(ran.err())
        .contains("tenant acme (line 2): Tenant acme has fields that somebody else has set")
        .contains("conflict with \"alice\"", ".spec.database.host", "--force-conflicts")
        .hasLineCount(1);
    assertThat(imported("--csv", csv.toString(), "--force-conflicts").out())
        .contains("database.host: pg-9 → pg-1.db.svc");
    assertThat(tenant("acme").getSpec().database().host()).isEqualTo("pg-1.db.svc");
  }

  @Test
  void doesNotOverwriteASecretOfSomebodyElse() throws IOException {
    client()
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withName("hooli-db")
                .withNamespace(namespace())
                .endMetadata()
                .withData(Map.of("password", "b3RoZXI="))
                .build())
        .create();

    Ran ran = imported("--csv", file("fleet.csv", FLEET).toString());

    assertThat(ran.exitCode()).isEqualTo(4);
    assertThat(ran.err()).contains("Secret hooli-db has fields that somebody else has set");
    assertThat(ran.err()).doesNotContain("s3cret");
    assertThat(tenants()).as("nothing is written").isEmpty();
  }

  @Test
  void importsAMasterDatabaseWithEncryptedPasswords() throws IOException {
    TestPostgres postgres = TestPostgres.shared(TestPostgres.Version.NEWEST);
    postgres.createDatabase("saas", "reader", "reader-s3cret");
    postgres.execute(
        "saas",
        """
        CREATE TABLE customers (slug text, db_host text, db_name text, db_user text, db_password_enc text, plan text, active bool);
        GRANT SELECT ON customers TO reader;
        INSERT INTO customers VALUES
          ('acme', 'pg-1', 'acme', 'acme', 'nzpr-f3perg', 'gold', true),
          ('globex', 'pg-1', 'globex', 'globex', 'tybork-f3perg', 'silver', false)
        """);
    String url = "jdbc:postgresql://" + postgres.host() + ":" + postgres.port() + "/saas";
    Path password = file("password", "reader-s3cret\n");
    Path query =
        file(
            "tenants.sql",
            """
            SELECT slug AS name, db_host AS host, db_name AS database,
                   db_user AS username, db_password_enc AS password, plan,
                   CASE WHEN active THEN 'Active' ELSE 'Suspended' END AS state
              FROM customers ORDER BY slug
            """);
    List<String> source =
        List.of(
            "--jdbc-url",
            url,
            "--jdbc-user",
            "reader",
            "--jdbc-password-file",
            password.toString());

    Ran ran =
        imported(
            source,
            "--query-file",
            query.toString(),
            "--label",
            "tier=plan",
            "--password-command",
            "tr a-z n-za-m",
            "-o",
            "csv");

    assertThat(ran)
        .isEqualTo(
            new Ran(
                0,
                "name,action,secret,changes\nacme,create,create,\nglobex,create,create,\n",
                "2 tenants: 2 created, 0 changed, 0 unchanged\n"));
    assertThat(password("acme-db")).isEqualTo("amce-s3cret");
    assertThat(tenant("globex").getSpec().state()).isEqualTo(State.Suspended);

    assertLine(
        imported(source, "--query", "SELECT slug AS name, db_host AS host FROM customers"),
        "the query has no column database; it has: name, host. Rename one there, or say which it is");
    assertLine(
        imported(source, "--query", "SELECT * FROM customer"),
        "the query failed (42P01): ERROR: relation \"customer\" does not exist");
    assertLine(
        imported(source, "--query", "DELETE FROM customers RETURNING *"),
        "the query failed (25006): ERROR: cannot execute DELETE in a read-only transaction");
    assertLine(
        imported(source, "--query-file", query.toString(), "--password-command", "cat >&2; exit 3"),
        "the password command ended with 3 for tenant acme (row 1); try it by hand");
    assertLine(
        imported("--jdbc-url", url + "?user=reader&password=x", "--query", "SELECT 1"),
        "the JDBC URL holds a password");
    assertLine(
        imported("--jdbc-url", url, "--jdbc-user", "reader", "--query", "SELECT 1"),
        "the database does not accept the login");
    assertLine(
        imported("--jdbc-url", "jdbc:mysql://x/y", "--query", "SELECT 1"), "no driver for this");
  }

  private static void assertLine(Ran ran, String part) {
    assertThat(ran.exitCode()).as(ran.err()).isEqualTo(4);
    assertThat(ran.out()).isEmpty();
    assertThat(ran.err()).startsWith("fleetway: ").contains(part).hasLineCount(1);
    assertThat(ran.err()).doesNotContain("s3cret", "f3perg");
  }

  private Ran imported(String... arguments) {
    return imported(List.of(), arguments);
  }

  private Ran imported(List<String> first, String... arguments) {
    List<String> words = new ArrayList<>(List.of("tenants", "import"));
    words.addAll(first);
    words.addAll(List.of(arguments));
    return fleetway(words.toArray(String[]::new));
  }

  private Path file(String name, String content) throws IOException {
    return Files.writeString(directory().resolve(name), content, StandardCharsets.UTF_8);
  }

  private List<Tenant> tenants() {
    return client().resources(Tenant.class).inNamespace(namespace()).list().getItems();
  }

  private Tenant tenant(String name) {
    return client().resources(Tenant.class).inNamespace(namespace()).withName(name).require();
  }

  private List<Secret> secrets() {
    return client().secrets().inNamespace(namespace()).list().getItems();
  }

  private String password(String secret) {
    return new String(
        Base64.getDecoder()
            .decode(
                client()
                    .secrets()
                    .inNamespace(namespace())
                    .withName(secret)
                    .require()
                    .getData()
                    .get("password")),
        StandardCharsets.UTF_8);
  }

  private List<String> versions() {
    List<String> versions = new ArrayList<>();
    tenants().forEach(tenant -> versions.add(tenant.getMetadata().getResourceVersion()));
    secrets().forEach(secret -> versions.add(secret.getMetadata().getResourceVersion()));
    return versions;
  }
}
