package dev.fleetway.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetway.api.v1alpha1.TenantReason;
import dev.fleetway.operator.model.RunReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Keeps {@code docs/reasons.md} in step with the enums: every reason is documented. */
class ReasonsPageTest {
  private static final Path PAGE = Path.of("..", "docs", "reasons.md");
  private static final String REGENERATE =
      "./mvnw -pl operator test -Dtest=ReasonsPageTest -Dfleetway.regenerate=true";

  @Test
  void thePageListsEveryReasonWithItsHint() throws IOException {
    if (Boolean.getBoolean("fleetway.regenerate")) {
      Files.writeString(PAGE, page());
    }
    assertThat(Files.readString(PAGE))
        .as("docs/reasons.md is stale: run %s", REGENERATE)
        .isEqualTo(page());
  }

  private static String page() {
    return """
        <!-- Generated from RunReason and TenantReason by %s; do not edit -->
        # Reasons

        Every reason that Fleetway writes, from the enums in the code. `kubectl get tmr -o wide` and
        `kubectl get tn -o wide` show them; the message beside a reason has the particulars.

        ## Of a run: the reason of its conditions

        | reason | what it means, what to do |
        |---|---|
        %s
        ## Of a tenant: `status.lastRun.reason`

        | reason | outcome | what it means, what to do |
        |---|---|---|
        %s"""
        .formatted(
            REGENERATE,
            Arrays.stream(RunReason.values())
                .map(reason -> "| `%s` | %s |\n".formatted(reason, reason.hint()))
                .collect(Collectors.joining()),
            Arrays.stream(TenantReason.values())
                .map(
                    reason ->
                        "| `%s` | %s | %s |\n".formatted(reason, reason.outcome(), reason.hint()))
                .collect(Collectors.joining()));
  }
}
