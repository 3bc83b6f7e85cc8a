package dev.fleetway.cli;

import dev.fleetway.cli.command.FleetwayCommand;
import dev.fleetway.cli.command.Session;
import dev.fleetway.cli.exit.ExitCode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import picocli.CommandLine.Command;

/** {@code version}. */
@Command(
    name = "version",
    description = {"Prints the version of this program.", ""},
    footer = {"", "Example:", "  fleetway version"})
final class VersionCommand extends FleetwayCommand {
  VersionCommand(Session session) {
    super(session);
  }

  @Override
  protected ExitCode execute() {
    console().data("fleetway " + version());
    return ExitCode.OK;
  }

  /** The version of the release that this program is from. */
  static String version() {
    Properties properties = new Properties();
    try (InputStream file = VersionCommand.class.getResourceAsStream("/fleetway-cli.properties")) {
      properties.load(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties.getProperty("version");
  }
}
