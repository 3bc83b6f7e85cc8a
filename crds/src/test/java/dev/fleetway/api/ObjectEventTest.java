package dev.fleetway.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetway.api.v1alpha1.Tenant;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ObjectEventTest {
  private static final Instant NOW = Instant.parse("2026-11-21T18:00:00Z");

  @Test
  void isAboutItsObject() {
    Event event = new ObjectEvent(acme(), true, "StateSet", "moves tonight").from("fleetway", NOW);

    assertThat(event.getMetadata().getGenerateName()).isEqualTo("acme.");
    assertThat(event.getMetadata().getNamespace()).isEqualTo("fleet");
    assertThat(event.getInvolvedObject().getKind()).isEqualTo("Tenant");
    assertThat(event.getInvolvedObject().getApiVersion()).isEqualTo("fleetway.dev/v1alpha1");
    assertThat(event.getInvolvedObject().getUid()).isEqualTo("u");
    assertThat(event.getType()).isEqualTo("Warning");
    assertThat(event.getMessage()).isEqualTo("moves tonight");
    assertThat(event.getLastTimestamp()).isEqualTo("2026-11-21T18:00:00Z");
    assertThat(event.getSource().getComponent()).isEqualTo("fleetway");
  }

  @Test
  void cutsANoteThatTheApiServerWouldRefuse() {
    assertThat(note("x".repeat(1024))).hasSize(1024).endsWith("x");
    assertThat(note("x".repeat(1025))).hasSize(1024).endsWith("x…");
  }

  private static String note(String text) {
    return new ObjectEvent(acme(), false, "StateSet", text).from("fleetway", NOW).getMessage();
  }

  private static Tenant acme() {
    Tenant tenant = new Tenant();
    tenant.setMetadata(
        new ObjectMetaBuilder().withName("acme").withNamespace("fleet").withUid("u").build());
    return tenant;
  }
}
