package dev.fleetway.cli.migration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetway.cli.CommandRun;
import dev.fleetway.cli.testing.Golden;
import dev.fleetway.cli.testing.Ran;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code migrations new} and {@code inspect}, on directories. */
class MigrationsIT {
  private static final String SAMPLE = Path.of("..", "migrations", "sql").toString();

  @TempDir private Path directory;

  @Test
  void aNewScriptIsTheNextOneAndABundleStillHolds() throws IOException {
    script("V112__orders.sql", "CREATE TABLE orders (id int);");

    Ran ran =
        fleetway("migrations", "new", " Add  invoices (2nd try)!", "-d", directory.toString());

    Path file = directory.resolve("V113__add_invoices_2nd_try.sql");
    assertThat(ran).isEqualTo(new Ran(0, file + "\n", ""));
    assertThat(Files.readString(file, StandardCharsets.UTF_8))
        .startsWith("-- Add invoices (2nd try)!\n-- If it removes or renames");
    Files.writeString(file, "CREATE TABLE invoices (id int);\n", StandardOpenOption.APPEND);
    assertThat(fleetway("migrations", "inspect", directory.toString()).exitCode()).isZero();
  }

  @Test
  void aNewScriptDeclaresTheCodeThatItNeeds() throws IOException {
    Ran ran =
        fleetway(
            "migrations",
            "new",
            "drop name",
            "--min-code-version",
            "2.14.0",
            "-d",
            directory.toString());

    assertThat(ran.exitCode()).isZero();
    Path file = directory.resolve("V1__drop_name.sql");
    assertThat(Files.readString(file, StandardCharsets.UTF_8))
        .isEqualTo("-- drop name\n-- fleetway:minCompatibleCodeVersion=2.14.0\n\n");
    Files.writeString(file, "ALTER TABLE t DROP name;\n", StandardOpenOption.APPEND);
    assertThat(fleetway("migrations", "inspect", directory.toString()).out())
        .contains("needs code  2.14.0 or newer from version 1 on");
  }

  @Test
  void showsTheSampleBundleAsPeopleAndProgramsReadIt() {
    Ran text = fleetway("migrations", "inspect", SAMPLE, "--code-version", "2.0.0");
    Golden.assertSame("migrations-inspect.txt", text.out() + "--\n" + text.err());
    Golden.assertSame(
        "migrations-inspect.json",
        fleetway("migrations", "inspect", SAMPLE, "--code-version", "99.0.0", "-o", "json").out());
  }

  @Test
  void saysWhatIsWrongInOneLine() throws IOException {
    assertLine(
        fleetway("migrations", "new", "!!", "-d", directory.toString()), "describe the migration");
    assertLine(
        fleetway("migrations", "new", "a", "-d", directory.resolve("none").toString()),
        "there is no directory " + directory.resolve("none"));
    assertLine(
        fleetway("migrations", "new", "a", "--min-code-version", "2"),
        "--min-code-version 2 is no");
    assertLine(fleetway("migrations", "inspect", directory.toString()), "InvalidBundle: ");
    script("V1__a.sql", "-- fleetway:minCodeVersion=1.0.0\nSELECT 1;");
    assertLine(
        fleetway("migrations", "inspect", directory.toString()),
        "V1__a.sql:1: unknown fleetway header");
    assertLine(
        fleetway("migrations", "inspect", SAMPLE, "--target-version", "9"), "target version 9");
  }

  private void script(String name, String sql) throws IOException {
    Files.writeString(directory.resolve(name), sql, StandardCharsets.UTF_8);
  }

  private static void assertLine(Ran ran, String part) {
    assertThat(ran.exitCode()).isEqualTo(4);
    assertThat(ran.out()).isEmpty();
    assertThat(ran.err()).startsWith("fleetway: ").contains(part).hasLineCount(1);
  }

  private static Ran fleetway(String... arguments) {
    return CommandRun.piped().run(arguments);
  }
}
