package dev.fleetway.bench.report;

import com.fasterxml.jackson.dataformat.csv.CsvGenerator;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Writes records as lines of a CSV file with a header; the order of the columns is the record's.
 */
public final class CsvFile {
  /** Quotes where there must be some, and not around whatever is long. */
  private static final CsvMapper CSV =
      CsvMapper.builder().enable(CsvGenerator.Feature.STRICT_CHECK_FOR_QUOTING).build();

  private CsvFile() {}

  public static <T> void write(Path file, Class<T> type, List<T> lines) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    CSV.writer(CSV.schemaFor(type).withHeader()).writeValue(file.toFile(), lines);
  }
}
