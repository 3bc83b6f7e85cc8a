package dev.fleetway.api.crd;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.fabric8.kubernetes.client.KubernetesClientException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** What the API server says when it refuses an object: the text that kubectl prints. */
final class Refusal {
  // A line of its own when the schema alone refuses the object.
  private static final String RULES_LEFT_OUT = "some validation rules were not checked";

  private Refusal() {}

  /** Each cause as kubectl prints it, {@code <field>: <why>}, one a line. */
  static String of(ThrowingCallable request) {
    KubernetesClientException exception =
        catchThrowableOfType(KubernetesClientException.class, request);
    assertNotNull(exception, "the request was accepted");
    assertEquals(422, exception.getCode(), exception.getMessage());
    return exception.getStatus().getDetails().getCauses().stream()
        .map(cause -> cause.getField() + ": " + cause.getMessage())
        .filter(line -> !line.contains(RULES_LEFT_OUT))
        .collect(joining("\n"));
  }
}
