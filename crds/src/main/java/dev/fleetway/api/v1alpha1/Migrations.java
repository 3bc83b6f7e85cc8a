package dev.fleetway.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Exactly one source of SQL scripts. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value = "oldSelf.hasValue() || has(self.image) != has(self.configMapRefs)",
    optionalOldSelf = true,
    reason = "FieldValueForbidden",
    message = "name exactly one source: image or configMapRefs")
@ValidationRule(
    value =
        "oldSelf.hasValue() || !has(self.placeholders) || self.placeholders.all(name,"
            + " name.matches('^[A-Za-z_][A-Za-z0-9_.-]{0,62}$') && !name.startsWith('fleetway.'))",
    optionalOldSelf = true,
    fieldPath = ".placeholders",
    reason = "FieldValueForbidden",
    message =
        "the name of a placeholder is a letter or underscore and up to 62 letters, digits, dots,"
            + " hyphens or underscores; names that start with fleetway. are reserved")
public record Migrations(
    @JsonPropertyDescription("A container image that holds the scripts.") Image image,
    @Size(min = 1, max = 16)
        @JsonPropertyDescription(
            "ConfigMaps of the namespace, one key per script; several when one would pass 1 MiB. A"
                + " file name in two of them is an error.")
        List<ConfigMapRef> configMapRefs,
    @JsonPropertyDescription(
            "Values for ${name} in the scripts, the same for every tenant. Set, even empty, it turns"
                + " replacement on, and ${fleetway.tenant} is the tenant's name. The checksum of a"
                + " repeatable script covers the values. Default: absent, ${…} is left as it is.")
        Map<String, String> placeholders,
    @Default("false")
        @JsonPropertyDescription(
            "true: a version below one that is applied already is applied too. false: such a tenant"
                + " fails with OutOfOrder. Default: false.")
        Boolean outOfOrder,
    @Default("[]")
        @Size(max = 100)
        @JsonPropertyDescription(
            "Versions whose edited script is accepted where the old one was applied: the checksum in"
                + " the tenant's history is set to the new script's, which does not run again."
                + " Counted and reported in status.lastRun.realigned. Default: none.")
        List<@Pattern("^[0-9]+([._][0-9]+)*$") String> realignChecksums) {
  public Migrations {
    configMapRefs = configMapRefs == null ? null : List.copyOf(configMapRefs);
    placeholders = placeholders == null ? null : Map.copyOf(placeholders);
    outOfOrder = Objects.requireNonNullElse(outOfOrder, false);
    realignChecksums = realignChecksums == null ? List.of() : List.copyOf(realignChecksums);
  }

  /** An image with SQL scripts in it. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Image(
      @Required
          @Size(min = 1, max = 1024)
          @Pattern(TenantMigrationRunSpec.IMAGE_PATTERN)
          @JsonPropertyDescription(
              "Image reference. Pin a digest (name@sha256:…): each pod refuses a bundle that differs"
                  + " from the inspected one.")
          String reference,
      @Default("/migrations")
          @Pattern("^/[A-Za-z0-9._/-]{0,254}$")
          @JsonPropertyDescription(
              "Absolute path of the directory with the scripts. Default: /migrations.")
          String path,
      @Default("Copy")
          @JsonPropertyDescription(
              "Copy: an init container of this image copies the scripts (the image needs cp). Runner:"
                  + " the image is a Fleetway runner image with the scripts added. Default: Copy.")
          Mount mount) {
    public Image {
      path = Objects.requireNonNullElse(path, "/migrations");
      mount = Objects.requireNonNullElse(mount, Mount.Copy);
    }
  }

  /** How the scripts of an image reach the runner. */
  public enum Mount {
    Copy,
    Runner
  }

  /** A ConfigMap of the run's namespace. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record ConfigMapRef(
      @Required
          @Pattern("^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$")
          @JsonPropertyDescription("Name of the ConfigMap.")
          String name) {}
}
