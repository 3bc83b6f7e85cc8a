package dev.fleetway.api.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.fleetway.api.testing.MarkdownPage;
import dev.fleetway.api.testing.MarkdownPage.Fence;
import dev.fleetway.api.testing.RealApiServer;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Everything that a reader may copy out of the pages is accepted by a real API server: manifests,
 * pieces of a spec, and the JSON of {@code kubectl patch}.
 */
@RealApiServer
class ManifestsInPagesIT {
  private static final Path PROJECT = Path.of("..");
  private static final YAMLMapper YAML = new YAMLMapper();
  private static final String RUN =
      """
      apiVersion: fleetway.dev/v1alpha1
      kind: TenantMigrationRun
      metadata: {name: piece}
      spec: {migrations: {configMapRefs: [{name: acme-migrations}]}}
      """;
  private static final String TENANT =
      """
      apiVersion: fleetway.dev/v1alpha1
      kind: Tenant
      metadata: {name: piece}
      spec: {database: {host: pg-1, name: acme, credentialsSecretRef: {name: acme-db}}}
      """;
  private static final Pattern PATCH =
      Pattern.compile("kubectl patch (tmr|tn) \\S+ --type merge -p '([^']+)'");

  private final KubernetesClient client;

  ManifestsInPagesIT(KubernetesClient client) {
    this.client = client;
  }

  /** One document of a fence. */
  record Sample(Path page, ObjectNode content) {
    @Override
    public String toString() {
      return page.getFileName() + ": " + content;
    }
  }

  static List<Sample> samples() {
    List<Sample> samples = new ArrayList<>();
    for (MarkdownPage page : MarkdownPage.allOf(PROJECT)) {
      for (Fence fence : page.fences()) {
        if (fence.language().equals("yaml")) {
          documents(fence.content())
              .forEach(content -> samples.add(new Sample(fence.page(), content)));
        }
      }
    }
    return samples;
  }

  private static List<ObjectNode> documents(String yaml) {
    // A digest that is left out is no digest, and the pattern says so.
    String whole = yaml.replace("sha256:…", "sha256:" + "0".repeat(64));
    try (MappingIterator<JsonNode> documents = YAML.readerFor(JsonNode.class).readValues(whole)) {
      return documents.readAll().stream().map(ObjectNode.class::cast).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(yaml, e);
    }
  }

  @ParameterizedTest
  @MethodSource("samples")
  void theApiServerAcceptsEveryManifest(Sample sample) {
    assertThatCode(() -> tryOut(whole(sample.content())))
        .as("%s", sample)
        .doesNotThrowAnyException();
  }

  /** A piece of a manifest, put where it belongs. */
  private static ObjectNode whole(ObjectNode content) {
    if (content.has("apiVersion")) {
      return content;
    }
    ObjectNode frame = documents(content.has("database") ? TENANT : RUN).get(0);
    merge((ObjectNode) frame.get("spec"), content);
    return frame;
  }

  private static void merge(ObjectNode target, ObjectNode piece) {
    for (Map.Entry<String, JsonNode> field : piece.properties()) {
      if (target.get(field.getKey()) instanceof ObjectNode nested
          && field.getValue() instanceof ObjectNode value) {
        merge(nested, value);
      } else {
        target.set(field.getKey(), field.getValue());
      }
    }
  }

  /** Unknown fields are errors, as with {@code kubectl apply}. */
  private void tryOut(ObjectNode manifest) {
    GenericKubernetesResource resource =
        YAML.convertValue(manifest, GenericKubernetesResource.class);
    resource.getMetadata().setNamespace(client.getNamespace());
    client
        .resource(resource)
        .patch(
            new PatchContext.Builder()
                .withPatchType(PatchType.SERVER_SIDE_APPLY)
                .withFieldManager("reader")
                .withFieldValidation("Strict")
                .withDryRun(List.of("All"))
                .build());
  }

  static List<String> patches() {
    return MarkdownPage.allOf(PROJECT).stream()
        .flatMap(page -> PATCH.matcher(page.text()).results())
        .map(match -> match.group(1) + " " + match.group(2))
        .distinct()
        .toList();
  }

  @ParameterizedTest
  @MethodSource("patches")
  void everyPatchIsMadeOfFieldsThatExist(String patch) throws IOException {
    Matcher parts = Pattern.compile("(\\S+) (.*)").matcher(patch);
    assertThat(parts.matches()).isTrue();
    ObjectNode manifest = documents(parts.group(1).equals("tn") ? TENANT : RUN).get(0);
    merge(manifest, (ObjectNode) YAML.readTree(parts.group(2)));
    if (manifest.at("/spec/promote").asBoolean()) {
      merge(manifest, documents("spec: {rollout: {pauseAfter: 1}}").get(0));
    }
    // What only an existing run may say; everything else holds for a new one, too.
    ((ObjectNode) manifest.get("spec")).remove("abort");

    assertThatCode(() -> tryOut(manifest)).doesNotThrowAnyException();
  }

  @Test
  void thereIsSomethingToCheck() {
    assertThat(samples()).hasSizeGreaterThan(8);
    assertThat(patches()).hasSizeGreaterThan(3);
  }
}
