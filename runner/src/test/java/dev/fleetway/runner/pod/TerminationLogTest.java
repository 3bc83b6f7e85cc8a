package dev.fleetway.runner.pod;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fleetway.api.pod.PodContract;
import dev.fleetway.api.pod.TerminationMessage;
import dev.fleetway.api.pod.TerminationMessage.BundleReport;
import dev.fleetway.api.pod.TerminationMessage.PodError;
import dev.fleetway.api.pod.TerminationMessage.RunSummary;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TerminationLogTest {
  @Test
  void keepsAMessageThatFitsAsItIs() throws JsonProcessingException {
    TerminationMessage message =
        new TerminationMessage(null, new PodError("InvalidBundle", "x".repeat(4000)), null);

    assertThat(read(message).error().message()).hasSize(4000);
  }

  @Test
  void shortensAnErrorOfManyMultiByteCharacters() throws JsonProcessingException {
    TerminationMessage message =
        new TerminationMessage(null, new PodError("InvalidBundle", "é\"".repeat(9000)), null);

    assertThat(read(message).error().message()).endsWith("…").startsWith("é");
  }

  @Test
  void writesAMessageThatWasCutInsideACharacter(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("message");
    for (int words = 2000; words < 2010; words++) {
      String message = "x".repeat(words % 2) + "\uD83D\uDE00".repeat(words);

      new TerminationLog(file)
          .write(new TerminationMessage(null, new PodError("InvalidBundle", message), null));

      assertThat(new ObjectMapper().readTree(file.toFile()).at("/error/reason").asText())
          .isEqualTo("InvalidBundle");
    }
  }

  @Test
  void dropsWarningsAndNamesFromTheEnd() throws JsonProcessingException {
    BundleReport bundle =
        new BundleReport(
            "sha256:", "1", 1, List.of("1"), null, Collections.nCopies(10, "w".repeat(600)));
    RunSummary summary = new RunSummary(1, 2, 3, 4, Collections.nCopies(64, "n".repeat(63)));

    assertThat(read(new TerminationMessage(bundle, null, null)).bundle().warnings())
        .hasSizeBetween(1, 9);
    assertThat(read(new TerminationMessage(null, null, summary)).summary().inFlight())
        .hasSizeBetween(40, 63);
  }

  @ParameterizedTest
  @ValueSource(strings = {"n", "\"", "\\", "\u0001", "é", "漢", "\uD83D\uDE00"})
  void staysUnderTheLimitWhateverTheNamesAre(String character) throws JsonProcessingException {
    String name = character.repeat(253 / character.length());
    RunSummary summary =
        new RunSummary(
            Integer.MAX_VALUE,
            Integer.MAX_VALUE,
            Integer.MAX_VALUE,
            Integer.MAX_VALUE,
            Collections.nCopies(64, name));

    RunSummary kept = read(new TerminationMessage(null, null, summary)).summary();

    assertThat(kept.inFlight()).hasSizeBetween(2, 15).containsOnly(name);
    assertThat(kept.notStarted()).isEqualTo(Integer.MAX_VALUE);
  }

  private static TerminationMessage read(TerminationMessage message)
      throws JsonProcessingException {
    String json = TerminationLog.fit(message);
    assertThat(json.getBytes(StandardCharsets.UTF_8))
        .hasSizeLessThan(PodContract.TERMINATION_MESSAGE_LIMIT);
    return new ObjectMapper().readValue(json, TerminationMessage.class);
  }
}
