package dev.fleetway.runner.bundle;

import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import org.flywaydb.core.api.resource.LoadableResource;

/** A text in memory in the place of a file of Flyway's. */
final class TextResource extends LoadableResource {
  private final String name;
  private final String text;

  TextResource(String name, String text) {
    this.name = name;
    this.text = text;
  }

  @Override
  public Reader read() {
    return new Bounded(text);
  }

  @Override
  public String getAbsolutePath() {
    return name;
  }

  @Override
  public String getAbsolutePathOnDisk() {
    return name;
  }

  @Override
  public String getFilename() {
    return name;
  }

  @Override
  public String getRelativePath() {
    return name;
  }

  /**
   * Flyway looks for the end of COPY's data for ever: past the end of the text it gets an error.
   */
  private static final class Bounded extends StringReader {
    private static final int PATIENCE = 1000;

    private int pastTheEnd;

    Bounded(String text) {
      super(text);
    }

    @Override
    public int read(char[] buffer, int offset, int length) throws IOException {
      int count = super.read(buffer, offset, length);
      if (count < 0 && ++pastTheEnd > PATIENCE) {
        throw new IOException("the text ends in the middle of a statement");
      }
      return count;
    }
  }
}
