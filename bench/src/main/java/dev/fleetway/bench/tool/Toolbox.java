package dev.fleetway.bench.tool;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The peers, each as its users run it.
 *
 * @param home the source tree
 * @param work for what the peers fetch and build
 */
public record Toolbox(Path home, Path work) {
  private static final int A_FEW = 12;

  /** The least that a careful program can do. */
  public static final String LIMIT = "jdbc";

  /** The tools that are always measured. */
  public List<Tool> usual() {
    List<Tool> tools = new ArrayList<>(List.of(limit(), jdbcInOneTransaction(), flywayLoop()));
    tools.add(flywayCommandLine());
    tools.add(
        new ProcessTool(
            "psql",
            peers(),
            List.of("sh", "-c", "command -v psql python3"),
            List.of(peers().resolve("psql/migrate").toString()),
            Integer.MAX_VALUE));
    tools.add(node("knex"));
    return tools;
  }

  /** Those and the others. */
  public List<Tool> all() {
    List<Tool> tools = new ArrayList<>(usual());
    tools.add(node("node-pg-migrate"));
    tools.add(go("goose"));
    tools.add(go("golang-migrate"));
    Path venv = work.resolve("django");
    tools.add(
        new ProcessTool(
            "django",
            peers(),
            List.of(peers().resolve("django/set-up").toString(), venv.toString()),
            List.of(
                venv.resolve("bin/python").toString(),
                peers().resolve("django/migrate.py").toString()),
            Integer.MAX_VALUE));
    return tools;
  }

  /** The limit alone, and what people compare first. */
  public List<Tool> quick() {
    return List.of(limit(), node("knex"));
  }

  private ProcessTool limit() {
    return java(LIMIT, "dev.fleetway.bench.peer.JdbcPeer", "false");
  }

  private ProcessTool jdbcInOneTransaction() {
    return java("jdbc, one transaction", "dev.fleetway.bench.peer.JdbcPeer", "true");
  }

  private ProcessTool flywayLoop() {
    return java("flyway api", "dev.fleetway.bench.peer.FlywayPeer", "false");
  }

  private ProcessTool java(String name, String mainClass, String one) {
    return new ProcessTool(
        name,
        home,
        List.of(),
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Done=" + one,
            "-cp",
            System.getProperty("java.class.path"),
            mainClass),
        Integer.MAX_VALUE);
  }

  private ProcessTool flywayCommandLine() {
    Path directory = work.resolve("flyway-cli");
    return new ProcessTool(
        "flyway cli",
        home,
        List.of(peers().resolve("flyway-cli/fetch").toString(), directory.toString()),
        List.of(
            peers().resolve("flyway-cli/migrate").toString(),
            directory.resolve("flyway-10.22.0/flyway").toString()),
        A_FEW);
  }

  private ProcessTool node(String name) {
    Path directory = peers().resolve(name);
    return new ProcessTool(
        name,
        directory,
        List.of("npm", "ci", "--silent"),
        List.of("node", "migrate.js"),
        Integer.MAX_VALUE);
  }

  private ProcessTool go(String name) {
    Path program = work.resolve("migrate-go");
    return new ProcessTool(
        name,
        peers().resolve("go"),
        List.of("go", "build", "-o", program.toString(), "."),
        List.of(program.toString(), name),
        Integer.MAX_VALUE);
  }

  private Path peers() {
    return home.resolve("bench/peers");
  }
}
