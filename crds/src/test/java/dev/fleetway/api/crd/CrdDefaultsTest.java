package dev.fleetway.api.crd;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fleetway.api.v1alpha1.Tenant;
import dev.fleetway.api.v1alpha1.TenantMigrationRun;
import dev.fleetway.api.v1alpha1.TenantMigrationRunSpec;
import dev.fleetway.api.v1alpha1.TenantSpec;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.CustomResource;
import java.lang.reflect.RecordComponent;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A default stands in the schema and in a compact constructor: here they are held together. */
class CrdDefaultsTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void tenantSpecsHaveTheSameDefaultsInSchemaAndCode() throws JsonProcessingException {
    assertThat(schemaDefaults(Tenant.class, TenantSpec.class))
        .isEqualTo(codeDefaults(Tenant.class, TenantSpec.class))
        .hasSize(6);
  }

  @Test
  void runSpecsHaveTheSameDefaultsInSchemaAndCode() throws JsonProcessingException {
    assertThat(schemaDefaults(TenantMigrationRun.class, TenantMigrationRunSpec.class))
        .isEqualTo(codeDefaults(TenantMigrationRun.class, TenantMigrationRunSpec.class))
        .hasSize(22);
  }

  private static Map<String, JsonNode> schemaDefaults(
      Class<? extends CustomResource<?, ?>> type, Class<?> spec) throws JsonProcessingException {
    Map<String, JsonNode> defaults = new LinkedHashMap<>();
    collectFromSchema("spec", spec(type), spec, defaults);
    return defaults;
  }

  private static Map<String, JsonNode> codeDefaults(
      Class<? extends CustomResource<?, ?>> type, Class<?> spec) throws JsonProcessingException {
    Map<String, JsonNode> defaults = new LinkedHashMap<>();
    collectFromCode("spec", spec(type), spec, defaults);
    return defaults;
  }

  private static void collectFromSchema(
      String path, JSONSchemaProps schema, Class<?> record, Map<String, JsonNode> defaults)
      throws JsonProcessingException {
    for (RecordComponent component : record.getRecordComponents()) {
      String field = path + "." + component.getName();
      JSONSchemaProps property = schema.getProperties().get(component.getName());
      if (component.getType().isRecord()) {
        collectFromSchema(field, property, component.getType(), defaults);
      } else if (property.getDefault() != null) {
        defaults.put(field, JSON.valueToTree(property.getDefault()));
      }
    }
  }

  /** What each record makes of an empty object, whether its parent creates it or not. */
  private static void collectFromCode(
      String path, JSONSchemaProps schema, Class<?> record, Map<String, JsonNode> defaults)
      throws JsonProcessingException {
    JsonNode empty = JSON.valueToTree(JSON.readValue("{}", record));
    for (RecordComponent component : record.getRecordComponents()) {
      String field = path + "." + component.getName();
      JSONSchemaProps property = schema.getProperties().get(component.getName());
      if (component.getType().isRecord()) {
        assertThat(property.getDefault() != null)
            .as("%s is created by the schema exactly when the code creates it", field)
            .isEqualTo(empty.has(component.getName()));
        collectFromCode(field, property, component.getType(), defaults);
      } else if (empty.has(component.getName())) {
        defaults.put(field, empty.get(component.getName()));
      }
    }
  }

  private static JSONSchemaProps spec(Class<? extends CustomResource<?, ?>> type) {
    return CrdYaml.schema(type).getProperties().get("spec");
  }
}
