package dev.fleetway.cli.migration;

import dev.fleetway.cli.command.FleetwayCommand;
import dev.fleetway.cli.command.Session;
import dev.fleetway.cli.exit.CommandFailure;
import dev.fleetway.cli.exit.ExitCode;
import dev.fleetway.cli.migration.NextVersion.Manner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.semver4j.Semver;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code migrations new}. */
@Command(
    name = "new",
    description = {
      "Begins a script with the next version, a timestamp or a number as the directory does, and"
          + " prints its path.",
      ""
    },
    footer = {
      "",
      "Example:",
      "  fleetway migrations new 'add invoices' --directory migrations",
      "  $EDITOR \"$(fleetway migrations new 'drop full name' --min-code-version 2.14.0)\""
    })
final class NewMigrationCommand extends FleetwayCommand {
  private static final int LONGEST_NAME = 200;

  @Parameters(paramLabel = "DESCRIPTION", description = "A few words, which name the file.")
  private String description;

  @Option(
      names = {"-d", "--directory"},
      paramLabel = "DIR",
      defaultValue = ".",
      description = "Where the scripts are. Default: this directory.")
  private Path directory;

  @Option(
      names = "--numbering",
      paramLabel = "MANNER",
      description =
          "One of ${COMPLETION-CANDIDATES}. Default: as the newest script there; a sequence in an"
              + " empty directory.")
  private Manner numbering;

  @Option(
      names = "--min-code-version",
      paramLabel = "VERSION",
      description =
          "The oldest application version that works on the schema afterwards: a script that removes"
              + " what older code uses must declare it from its first release on.")
  private String minCodeVersion;

  NewMigrationCommand(Session session) {
    super(session);
  }

  @Override
  protected ExitCode execute() {
    if (minCodeVersion != null && Semver.parse(minCodeVersion) == null) {
      throw CommandFailure.usage(
          "--min-code-version " + minCodeVersion + " is no version: it must be like 2.14.0");
    }
    String words = description.strip().toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N}]+", "_");
    String slug = words.replaceAll("^_+|_+$", "");
    if (slug.isEmpty() || slug.length() > LONGEST_NAME) {
      throw CommandFailure.usage("describe the migration in a few words, such as 'add invoices'");
    }
    String version = NextVersion.after(scripts(), Optional.ofNullable(numbering), console().now());
    Path file = directory.resolve("V" + version + "__" + slug + ".sql");
    write(file);
    console().data(file.toString());
    return ExitCode.OK;
  }

  private List<String> scripts() {
    if (!Files.isDirectory(directory)) {
      throw CommandFailure.usage("there is no directory " + directory + ": create it first");
    }
    try (Stream<Path> files = Files.walk(directory)) {
      return files.map(file -> file.getFileName().toString()).toList();
    } catch (IOException | UncheckedIOException e) {
      throw new CommandFailure(ExitCode.USAGE, "the directory " + directory + " cannot be read", e);
    }
  }

  private void write(Path file) {
    try {
      Files.writeString(file, header(), StandardCharsets.UTF_8, StandardOpenOption.CREATE_NEW);
    } catch (IOException e) {
      throw new CommandFailure(ExitCode.USAGE, "the file " + file + " cannot be written", e);
    }
  }

  private String header() {
    String floor =
        minCodeVersion == null
            ? """
              -- If it removes or renames what older application code uses, declare on a line of its own which code it
              -- needs, before its first release: docs/bundles.md
              """
            : "-- fleetway:minCompatibleCodeVersion=" + minCodeVersion + "\n";
    return "-- " + description.strip().replaceAll("\\s+", " ") + "\n" + floor + "\n";
  }
}
