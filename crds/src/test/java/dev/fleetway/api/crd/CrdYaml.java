package dev.fleetway.api.crd;

import dev.fleetway.api.v1alpha1.Tenant;
import dev.fleetway.api.v1alpha1.TenantMigrationRun;
import io.fabric8.crdv2.generator.CRDGenerator;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The CRD YAML as it follows from the Java types, and as it is checked in. */
final class CrdYaml {
  static final String REGENERATE_PROPERTY = "fleetway.regenerate";

  static final String REGENERATE_COMMAND =
      "./mvnw -pl crds test -Dtest=CrdYamlTest -D" + REGENERATE_PROPERTY + "=true";

  private static final Path DIRECTORY = Path.of(System.getProperty("basedir", ""), "yaml");

  private CrdYaml() {}

  /** The types that have a CRD. */
  static List<Class<? extends CustomResource<?, ?>>> types() {
    return List.of(Tenant.class, TenantMigrationRun.class);
  }

  /** Generates the CRD of one type, our header as its first line. */
  static String generate(Class<? extends CustomResource<?, ?>> type) {
    MemoryOutput output = new MemoryOutput();
    new CRDGenerator()
        .customResourceClasses(List.of(type))
        .forCRDVersions("v1")
        .withParallelGenerationEnabled(false)
        .withPostProcessor(new SchemaRefinement(type))
        .withOutput(output)
        .generate();
    String yaml = output.bytes.toString(StandardCharsets.UTF_8);
    return header(type) + yaml.substring(yaml.indexOf("apiVersion:"));
  }

  /** The CRD of one type as an object. */
  static CustomResourceDefinition definition(Class<? extends CustomResource<?, ?>> type) {
    return Serialization.unmarshal(generate(type), CustomResourceDefinition.class);
  }

  /** The schema of one type's only version. */
  static JSONSchemaProps schema(Class<? extends CustomResource<?, ?>> type) {
    return definition(type).getSpec().getVersions().get(0).getSchema().getOpenAPIV3Schema();
  }

  /** Where the checked-in files are. */
  static Path directory() {
    return DIRECTORY;
  }

  static Path file(Class<? extends CustomResource<?, ?>> type) {
    return DIRECTORY.resolve(CustomResource.getCRDName(type) + ".yaml");
  }

  static String checkedIn(Class<? extends CustomResource<?, ?>> type) {
    try {
      Path file = file(type);
      return Files.exists(file) ? Files.readString(file) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String header(Class<?> type) {
    return "# Generated from %s by %s; do not edit\n".formatted(type.getName(), REGENERATE_COMMAND);
  }

  /** Keeps the one generated file in memory. */
  private static final class MemoryOutput implements CRDGenerator.CRDOutput<ByteArrayOutputStream> {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    @Override
    public ByteArrayOutputStream outputFor(String crdName) {
      return bytes;
    }

    @Override
    public void close() {
      // Nothing to release: the bytes are read after generation.
    }
  }
}
