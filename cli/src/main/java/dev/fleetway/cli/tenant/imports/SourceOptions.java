package dev.fleetway.cli.tenant.imports;

import dev.fleetway.cli.exit.CommandFailure;
import dev.fleetway.cli.exit.ExitCode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Where the tenants come from: exactly one source. */
final class SourceOptions {
  private static final String STDIN = "-";

  @ArgGroup(exclusive = false)
  private Csv csv;

  /** A comma and its like; a tab cannot be typed. */
  static final class Separator implements ITypeConverter<Character> {
    @Override
    public Character convert(String text) {
      if (text.equals("\\t")) {
        return '\t';
      }
      if (text.length() != 1) {
        throw new TypeConversionException("'" + text + "' is not one character, or \\t for a tab");
      }
      return text.charAt(0);
    }
  }

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "A JSON array of flat objects; - reads stdin.")
  private String json;

  @ArgGroup(exclusive = false)
  private Query query;

  /** A CSV file. */
  static final class Csv {
    @Option(
        names = "--csv",
        paramLabel = "FILE",
        required = true,
        description = "A CSV file in UTF-8 whose first line names the columns; - reads stdin.")
    private String file;

    @Option(
        names = "--csv-separator",
        paramLabel = "CHARACTER",
        defaultValue = ",",
        converter = Separator.class,
        description = "What stands between its values, such as ; or \\t. Default: a comma.")
    private char separator;
  }

  /** A query. */
  static final class Query {
    @Option(
        names = "--jdbc-url",
        paramLabel = "URL",
        required = true,
        description = "A PostgreSQL database, such as jdbc:postgresql://master.db.svc/saas.")
    private String url;

    @Option(
        names = "--query",
        paramLabel = "SQL",
        description = "What to ask it, in a read-only transaction.")
    private String sql;

    @Option(names = "--query-file", paramLabel = "FILE", description = "The same from a file.")
    private String sqlFile;

    @Option(
        names = "--jdbc-user",
        paramLabel = "NAME",
        description = "User for the query. Default: what the driver finds.")
    private String user;

    @Option(
        names = "--jdbc-password-file",
        paramLabel = "FILE",
        description = "File with the user's password. Default: $$FLEETWAY_JDBC_PASSWORD.")
    private Path passwordFile;
  }

  SourceTable read() {
    long named = Stream.of(csv, json, query).filter(Objects::nonNull).count();
    if (named != 1) {
      throw CommandFailure.usage(
          "say where the tenants are, once: --csv FILE, --json FILE or --jdbc-url URL");
    }
    if (csv != null) {
      return CsvSource.read(name(csv.file), content(csv.file), csv.separator);
    }
    if (json != null) {
      return JsonSource.read(name(json), content(json));
    }
    if ((query.sql == null) == (query.sqlFile == null)) {
      throw CommandFailure.usage("with --jdbc-url name one of --query and --query-file");
    }
    String sql = query.sql == null ? content(query.sqlFile) : query.sql;
    return SqlSource.read(query.url, query.user, password(), sql);
  }

  private String password() {
    return query.passwordFile == null
        ? System.getenv("FLEETWAY_JDBC_PASSWORD")
        : content(query.passwordFile.toString()).replaceFirst("\r?\n$", "");
  }

  private static String name(String file) {
    return file.equals(STDIN) ? "stdin" : Path.of(file).getFileName().toString();
  }

  private static String content(String file) {
    try {
      byte[] bytes = file.equals(STDIN) ? all(System.in) : Files.readAllBytes(Path.of(file));
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      if (text.indexOf('\0') >= 0) {
        throw CommandFailure.usage(
            name(file) + " has a character of code 0: it is no text in UTF-8, convert it");
      }
      return text;
    } catch (CharacterCodingException e) {
      throw new CommandFailure(ExitCode.USAGE, name(file) + " is not in UTF-8: convert it", e);
    } catch (NoSuchFileException e) {
      throw new CommandFailure(ExitCode.USAGE, "there is no file " + file, e);
    } catch (IOException e) {
      throw new CommandFailure(ExitCode.USAGE, "the file " + file + " cannot be read", e);
    }
  }

  private static byte[] all(InputStream stream) throws IOException {
    return stream.readAllBytes();
  }
}
