package dev.fleetway.api.crd;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fleetway.api.v1alpha1.Tenant;
import dev.fleetway.api.v1alpha1.TenantMigrationRun;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.api.model.apiextensions.v1.SelectableField;
import io.fabric8.kubernetes.client.CustomResource;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class CrdSchemaTest {
  static Iterable<Class<? extends CustomResource<?, ?>>> types() {
    return CrdYaml.types();
  }

  @ParameterizedTest
  @MethodSource("types")
  void everyFieldHasADescription(Class<? extends CustomResource<?, ?>> type) {
    List<String> undescribed = new ArrayList<>();
    JSONSchemaProps root = CrdYaml.schema(type);
    root.getProperties().remove("metadata");
    collectUndescribed("", root, undescribed);
    assertThat(undescribed).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("types")
  void aSchemaStaysSmallEnoughToRead(Class<? extends CustomResource<?, ?>> type) {
    assertThat(CrdYaml.generate(type).getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(75_000);
  }

  @ParameterizedTest
  @MethodSource("types")
  void theFirstLineNamesSourceAndCommand(Class<? extends CustomResource<?, ?>> type) {
    assertThat(CrdYaml.generate(type).lines().findFirst().orElseThrow())
        .startsWith("# Generated from " + type.getName() + " by ./mvnw ")
        .endsWith("; do not edit");
  }

  @ParameterizedTest
  @CsvSource({
    "spec.tenants.names, atomic, 500",
    "spec.tenants.states, atomic, 2",
    "spec.migrations.configMapRefs, atomic, 16",
    "spec.rollout.cohortSizes, atomic, 100",
    "status.cohorts, atomic, 100",
    "status.failures, atomic, 20",
    "status.aborts, atomic, 10",
    "status.conditions, map,",
  })
  void runListsAreBoundedAndReplacedAsAWhole(String path, String listType, Long maxItems) {
    JSONSchemaProps list = at(TenantMigrationRun.class, path);
    assertThat(list.getXKubernetesListType()).isEqualTo(listType);
    assertThat(list.getMaxItems()).isEqualTo(maxItems);
  }

  @ParameterizedTest
  @MethodSource("types")
  void conditionsAreMergedByType(Class<? extends CustomResource<?, ?>> type) {
    JSONSchemaProps conditions = at(type, "status.conditions");
    assertThat(conditions.getXKubernetesListType()).isEqualTo("map");
    assertThat(conditions.getXKubernetesListMapKeys()).containsExactly("type");
  }

  @Test
  void sslModesAreSpelledAsLibpqSpellsThem() {
    assertThat(at(Tenant.class, "spec.database.sslMode").getEnum())
        .extracting(JsonNode::asText)
        .containsExactlyInAnyOrder("disable", "prefer", "require", "verify-ca", "verify-full");
  }

  @Test
  void quantitiesAreNumbersOrStrings() {
    for (String kind : List.of("limits", "requests")) {
      JSONSchemaProps quantities = at(TenantMigrationRun.class, "spec.runner.resources." + kind);
      assertThat(quantities.getAdditionalProperties().getSchema().getXKubernetesIntOrString())
          .isTrue();
    }
  }

  @Test
  void patternsAndRangesOfListItemsAreKept() {
    JSONSchemaProps schemas = at(Tenant.class, "spec.database.extensionSchemas");
    assertThat(schemas.getItems().getSchema().getPattern()).startsWith("^[A-Za-z_]");
    JSONSchemaProps sizes = at(TenantMigrationRun.class, "spec.rollout.cohortSizes");
    assertThat(sizes.getItems().getSchema().getMaximum()).isEqualTo(1000);
    assertThat(sizes.getItems().getSchema().getFormat()).isEqualTo("int32");
  }

  @Test
  void columnsComeInTheDocumentedOrder() {
    assertThat(columns(Tenant.class))
        .containsExactly(
            "State",
            "Access",
            "Version",
            "Outcome",
            "Last-Run",
            "Age",
            "Reason (wide)",
            "Pending (wide)",
            "Min-Code (wide)",
            "Server (wide)");
    assertThat(columns(TenantMigrationRun.class))
        .containsExactly(
            "Phase",
            "Target",
            "Cohort",
            "Done",
            "Failed",
            "Total",
            "Aborts",
            "Age",
            "Reason (wide)",
            "Next-Cohort (wide)");
  }

  @Test
  void tenantsCanBeSelectedByFourFields() {
    assertThat(
            CrdYaml.definition(Tenant.class).getSpec().getVersions().get(0).getSelectableFields())
        .extracting(SelectableField::getJsonPath)
        .containsExactlyInAnyOrder(
            ".spec.state", ".status.access", ".status.schemaVersion", ".status.lastRun.outcome");
  }

  private static List<String> columns(Class<? extends CustomResource<?, ?>> type) {
    return CrdYaml.definition(type)
        .getSpec()
        .getVersions()
        .get(0)
        .getAdditionalPrinterColumns()
        .stream()
        .map(CrdSchemaTest::column)
        .toList();
  }

  private static String column(CustomResourceColumnDefinition column) {
    return column.getName() + (column.getPriority() == 1 ? " (wide)" : "");
  }

  private static JSONSchemaProps at(Class<? extends CustomResource<?, ?>> type, String path) {
    JSONSchemaProps schema = CrdYaml.schema(type);
    for (String name : path.split("\\.", -1)) {
      schema = schema.getProperties().get(name);
    }
    return schema;
  }

  private static void collectUndescribed(
      String path, JSONSchemaProps schema, List<String> undescribed) {
    if (schema.getDescription() == null || schema.getDescription().isBlank()) {
      undescribed.add(path);
    }
    collectUndescribedProperties(path, schema, undescribed);
    if (schema.getItems() != null) {
      // The description of a list is that of its items, too; their fields have their own.
      collectUndescribedProperties(path + "[]", schema.getItems().getSchema(), undescribed);
    }
  }

  private static void collectUndescribedProperties(
      String path, JSONSchemaProps schema, List<String> undescribed) {
    if (schema.getProperties() != null) {
      schema
          .getProperties()
          .forEach((name, field) -> collectUndescribed(path + "." + name, field, undescribed));
    }
  }
}
