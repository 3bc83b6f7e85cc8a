package dev.fleetway.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.Toleration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a run may choose about the runner's pods, the inspecting one included. Also the form in
 * which the chart hands its defaults to the operator.
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@ValidationRule(
    value =
        "(oldSelf.hasValue() && oldSelf.value() == self) || !has(self.podLabels) ||"
            + " self.podLabels.all(name, !("
            + Runner.RESERVED_NAME
            + " || name == 'app.kubernetes.io/name' || name == 'app.kubernetes.io/managed-by'))",
    optionalOldSelf = true,
    fieldPath = ".podLabels",
    reason = "FieldValueForbidden",
    message =
        "labels under fleetway.dev/ and batch.kubernetes.io/, job-name, controller-uid,"
            + " app.kubernetes.io/name and app.kubernetes.io/managed-by say to whom a pod belongs:"
            + " choose other names")
@ValidationRule(
    value =
        "(oldSelf.hasValue() && oldSelf.value() == self) || !has(self.podAnnotations) ||"
            + " self.podAnnotations.all(name, !("
            + Runner.RESERVED_NAME
            + "))",
    optionalOldSelf = true,
    fieldPath = ".podAnnotations",
    reason = "FieldValueForbidden",
    message =
        "annotations under fleetway.dev/ and batch.kubernetes.io/ are the operator's and the Job"
            + " controller's: choose other names")
@ValidationRule(
    value =
        "(oldSelf.hasValue() && oldSelf.value() == self) || ((!has(self.podLabels) ||"
            + " self.podLabels.all(name, name.matches('"
            + Runner.KEY_PATTERN
            + "'))) && (!has(self.podAnnotations) || self.podAnnotations.all(name,"
            + " name.matches('"
            + Runner.KEY_PATTERN
            + "'))) && (!has(self.nodeSelector) || self.nodeSelector.all(name, name.matches('"
            + Runner.KEY_PATTERN
            + "'))))",
    optionalOldSelf = true,
    reason = "FieldValueInvalid",
    message =
        "the name of a label or annotation is at most 63 letters, digits, hyphens, underscores or"
            + " dots, after an optional DNS name and a slash")
public record Runner(
    @Size(min = 1, max = 1024)
        @Pattern(TenantMigrationRunSpec.IMAGE_PATTERN)
        @JsonPropertyDescription(
            "Image of the runner. Default: the image of the operator's own release.")
        String image,
    @JsonPropertyDescription(
            "Compute resources of the runner's container. Default: what the operator was installed"
                + " with.")
        ResourceRequirements resources,
    @JsonPropertyDescription(
            "Labels that a node must have. Replaces the installed default as a whole. Default: what"
                + " the operator was installed with.")
        Map<String, String> nodeSelector,
    @Size(max = 32)
        @JsonPropertyDescription(
            "Taints of nodes that the pods put up with. Replaces the installed default as a whole."
                + " Default: what the operator was installed with.")
        List<Toleration> tolerations,
    @JsonPropertyDescription(
            "Nodes, and other pods, that attract or repel the pods. Replaces the installed default"
                + " as a whole. Default: what the operator was installed with.")
        Affinity affinity,
    @Size(min = 1, max = 253)
        @Pattern(Runner.NAME_PATTERN)
        @JsonPropertyDescription(
            "PriorityClass of the pods; it must exist. Default: what the operator was installed"
                + " with.")
        String priorityClassName,
    @Size(max = 16)
        @JsonPropertyDescription(
            "Secrets of the namespace with the logins of private registries. Replaces the installed"
                + " default as a whole; those of the ServiceAccount count when there are none."
                + " Default: what the operator was installed with.")
        List<PullSecret> imagePullSecrets,
    @Size(min = 1, max = 253)
        @Pattern(Runner.NAME_PATTERN)
        @JsonPropertyDescription(
            "ServiceAccount of the pods; it must exist and may need to get tenants and to patch"
                + " tenants/status in the namespace. Default: the one that the chart creates.")
        String serviceAccountName,
    @Size(max = 32)
        @JsonPropertyDescription(
            "Labels of the pods beside the operator's own, together with the installed ones; one"
                + " given here wins. Default: what the operator was installed with.")
        Map<String, String> podLabels,
    @Size(max = 32)
        @JsonPropertyDescription(
            "Annotations of the pods, together with the installed ones; one given here wins."
                + " Default: what the operator was installed with.")
        Map<String, String> podAnnotations) {

  /** The name of most things in Kubernetes; its length is bounded beside it. */
  static final String NAME_PATTERN = "^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$";

  /** CEL for: a label or annotation {@code name} that Fleetway or the Job controller writes. */
  static final String RESERVED_NAME =
      "name.startsWith('fleetway.dev/') || name.startsWith('batch.kubernetes.io/') || name =="
          + " 'job-name' || name == 'controller-uid'";

  /** The name of a label or annotation. */
  static final String KEY_PATTERN =
      "^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$";

  /** Nothing chosen. */
  public static final Runner NONE =
      new Runner(null, null, null, null, null, null, null, null, null, null);

  public Runner {
    nodeSelector = nodeSelector == null ? Map.of() : Map.copyOf(nodeSelector);
    tolerations = tolerations == null ? List.of() : List.copyOf(tolerations);
    imagePullSecrets = imagePullSecrets == null ? List.of() : List.copyOf(imagePullSecrets);
    podLabels = podLabels == null ? Map.of() : Map.copyOf(podLabels);
    podAnnotations = podAnnotations == null ? Map.of() : Map.copyOf(podAnnotations);
  }

  /** An image alone. */
  public static Runner ofImage(String image) {
    return new Runner(image, null, null, null, null, null, null, null, null, null);
  }

  /** This, and where it chooses nothing, what {@code defaults} say. */
  public Runner orElse(Runner defaults) {
    return new Runner(
        image == null ? defaults.image : image,
        resources == null ? defaults.resources : resources,
        nodeSelector.isEmpty() ? defaults.nodeSelector : nodeSelector,
        tolerations.isEmpty() ? defaults.tolerations : tolerations,
        affinity == null ? defaults.affinity : affinity,
        priorityClassName == null ? defaults.priorityClassName : priorityClassName,
        imagePullSecrets.isEmpty() ? defaults.imagePullSecrets : imagePullSecrets,
        serviceAccountName == null ? defaults.serviceAccountName : serviceAccountName,
        joined(podLabels, defaults.podLabels),
        joined(podAnnotations, defaults.podAnnotations));
  }

  private static Map<String, String> joined(Map<String, String> own, Map<String, String> more) {
    Map<String, String> all = new HashMap<>(more);
    all.putAll(own);
    return all;
  }

  /** A Secret of the run's namespace with the login of a registry. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record PullSecret(
      @Required
          @Size(min = 1, max = 253)
          @Pattern(Runner.NAME_PATTERN)
          @JsonPropertyDescription("Name of the Secret.")
          String name) {}
}
