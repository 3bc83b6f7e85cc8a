package dev.fleetway.api.crd;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.fleetway.api.v1alpha1.Runner;
import dev.fleetway.api.v1alpha1.TenantMigrationRun;
import dev.fleetway.api.v1alpha1.TenantReason;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.crdv2.generator.CRDPostProcessor;
import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionVersion;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaPropsBuilder;
import io.fabric8.kubernetes.client.CustomResource;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What a CRD needs and no annotation says: list types, integer formats, descriptions of whole
 * objects and of Kubernetes' own types, the order of the printer columns, the default of a status.
 */
final class SchemaRefinement implements CRDPostProcessor {
  private static final String QUANTITY_PATTERN =
      "^([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([KMGTPE]i|[numkMGTPE]|[eE][+-]?[0-9]+)?$";

  private final Class<? extends CustomResource<?, ?>> type;

  SchemaRefinement(Class<? extends CustomResource<?, ?>> type) {
    this.type = type;
  }

  @Override
  public HasMetadata process(HasMetadata generated, String crdVersion) {
    CustomResourceDefinition definition = (CustomResourceDefinition) generated;
    for (CustomResourceDefinitionVersion version : definition.getSpec().getVersions()) {
      version.setAdditionalPrinterColumns(inDeclaredOrder(version.getAdditionalPrinterColumns()));
      JSONSchemaProps root = version.getSchema().getOpenAPIV3Schema();
      root.setDescription(description(type));
      root.setRequired(List.of("spec"));
      Type[] parts = ((ParameterizedType) type.getGenericSuperclass()).getActualTypeArguments();
      refine(root.getProperties().get("spec"), parts[0]);
      refine(root.getProperties().get("status"), parts[1]);
      if (type == TenantMigrationRun.class) {
        // Restricts nothing: a rule can only point to a field that the schema has.
        root.getProperties()
            .put(
                "metadata",
                new JSONSchemaPropsBuilder()
                    .withType("object")
                    .addToProperties(
                        "name", new JSONSchemaPropsBuilder().withType("string").build())
                    .build());
        // Until the operator has seen it, a run reads as in progress.
        root.getProperties()
            .get("status")
            .setDefault(JsonNodeFactory.instance.objectNode().put("observedGeneration", -1));
      }
    }
    return definition;
  }

  private List<CustomResourceColumnDefinition> inDeclaredOrder(
      List<CustomResourceColumnDefinition> columns) {
    List<String> names =
        Arrays.stream(type.getAnnotationsByType(AdditionalPrinterColumn.class))
            .map(AdditionalPrinterColumn::name)
            .toList();
    return columns.stream()
        .sorted(Comparator.comparing(column -> names.indexOf(column.getName())))
        .toList();
  }

  private static void refine(JSONSchemaProps schema, Type javaType) {
    if (javaType == Integer.class) {
      schema.setFormat("int32");
    } else if (javaType == Long.class) {
      schema.setFormat("int64");
    } else if (javaType instanceof ParameterizedType map && map.getRawType() == Map.class) {
      refineMap(schema);
    } else if (javaType instanceof ParameterizedType list && list.getRawType() == List.class) {
      refineList(schema, list.getActualTypeArguments()[0]);
    } else if (javaType == TenantReason.class) {
      // Open: an outcome of a newer runner must not be refused by an older CRD.
      schema.setEnum(null);
      schema.setPattern("^[A-Z][A-Za-z]{0,63}$");
    } else if (javaType == LabelSelector.class) {
      refineSelector(schema);
    } else if (javaType == ResourceRequirements.class) {
      refineResources(schema);
    } else if (javaType == Affinity.class) {
      PlacementSchema.refineAffinity(schema);
    } else if (javaType == Toleration.class) {
      PlacementSchema.refineToleration(schema);
    } else if (javaType instanceof Class<?> record && record.isRecord()) {
      refineRecord(schema, record);
    }
  }

  private static void refineRecord(JSONSchemaProps schema, Class<?> record) {
    if (schema.getDescription() == null) {
      schema.setDescription(description(record));
    }
    if (schema.getDefault() != null) {
      // The generator writes out what the record makes of {}. The fields have defaults of their
      // own, and only with {} are a field left out and an empty object the same to the CEL rules.
      schema.setDefault(JsonNodeFactory.instance.objectNode());
    }
    for (RecordComponent component : record.getRecordComponents()) {
      refine(schema.getProperties().get(component.getName()), component.getGenericType());
    }
    if (record == Runner.class) {
      PlacementSchema.boundPodMetadata(schema);
    }
  }

  private static void refineList(JSONSchemaProps schema, Type itemType) {
    JSONSchemaProps items = schema.getItems().getSchema();
    refine(items, itemType);
    // Server-side apply replaces a list as a whole; conditions are merged by type.
    boolean isConditions = itemType.getTypeName().endsWith(".Condition");
    schema.setXKubernetesListType(isConditions ? "map" : "atomic");
    if (isConditions) {
      schema.setXKubernetesListMapKeys(List.of("type"));
    }
    if (itemType instanceof Class<?> record && record.isRecord()) {
      // The list is described; its items are, too, by their fields.
      items.setDescription(null);
    }
  }

  // Bounds, or a rule over the keys would cost more than the API server allows.
  private static void refineMap(JSONSchemaProps schema) {
    schema.setXKubernetesMapType("atomic");
    schema.setMaxProperties(64L);
    schema.getAdditionalProperties().getSchema().setMaxLength(4096L);
  }

  private static void refineSelector(JSONSchemaProps schema) {
    schema.setXKubernetesMapType("atomic");
    describe(schema, "matchLabels", "Labels that must all be there with these values.");
    describe(schema, "matchExpressions", "Requirements that must all hold.");
    JSONSchemaProps expressions = schema.getProperties().get("matchExpressions");
    expressions.setXKubernetesListType("atomic");
    JSONSchemaProps expression = expressions.getItems().getSchema();
    expression.setRequired(List.of("key", "operator"));
    describe(expression, "key", "The label.");
    describe(expression, "operator", "In, NotIn, Exists or DoesNotExist.");
    describe(
        expression, "values", "For In and NotIn at least one value, else none. Default: none.");
    expression.getProperties().get("values").setXKubernetesListType("atomic");
    expression
        .getProperties()
        .get("operator")
        .setEnum(
            Stream.of("In", "NotIn", "Exists", "DoesNotExist")
                .<JsonNode>map(TextNode::valueOf)
                .toList());
  }

  private static void refineResources(JSONSchemaProps schema) {
    // Claims need fields of the pod that a run does not have.
    schema.getProperties().remove("claims");
    describe(schema, "limits", "The most that the container may use, such as cpu: 500m.");
    describe(schema, "requests", "What the scheduler sets aside for it. Default: the limits.");
    restrictToQuantities(schema.getProperties().get("limits"));
    restrictToQuantities(schema.getProperties().get("requests"));
  }

  // As the API server reads quantities; a Job with another text would be refused only later.
  private static void restrictToQuantities(JSONSchemaProps quantities) {
    quantities.getAdditionalProperties().getSchema().setPattern(QUANTITY_PATTERN);
  }

  private static void describe(JSONSchemaProps schema, String property, String description) {
    schema.getProperties().get(property).setDescription(description);
  }

  private static String description(Class<?> type) {
    JsonClassDescription description = type.getAnnotation(JsonClassDescription.class);
    return description == null ? null : description.value();
  }
}
