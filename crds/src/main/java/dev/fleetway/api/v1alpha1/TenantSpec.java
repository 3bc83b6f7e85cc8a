package dev.fleetway.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import java.util.Objects;

/** What the owner wants of a tenant. A run never edits it. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonClassDescription("What the owner wants of the tenant. A run never edits it.")
public record TenantSpec(
    @Default("Active")
        @JsonPropertyDescription(
            "The owner's intent. Active: migrated by runs, readable and writable. ReadOnly: migrated"
                + " by runs, status.access tells the application not to write. Suspended: left out of"
                + " runs, status.access is None. Default: Active.")
        State state,
    @Required @JsonPropertyDescription("Where the tenant's data lives and how to reach it.")
        Database database) {

  public TenantSpec {
    state = Objects.requireNonNullElse(state, State.Active);
  }

  /** The owner's intent for a tenant. */
  public enum State {
    Active,
    ReadOnly,
    Suspended
  }

  /** The address of one tenant's database and schema. Every field is untrusted input. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Database(
      @Required
          @Pattern(HOST_PATTERN)
          @JsonPropertyDescription(
              "DNS name or IPv4 address of the PostgreSQL server itself: a pooler in transaction mode"
                  + " breaks the locks that migrations need. At most 253 letters, digits, dots and"
                  + " hyphens.")
          String host,
      @Default("5432")
          @Min(1)
          @Max(65535)
          @JsonPropertyDescription("TCP port of the server. Default: 5432.")
          Integer port,
      @Required
          @Pattern(IDENTIFIER_PATTERN)
          @JsonPropertyDescription(
              "Name of the database: a letter or underscore, then up to 62 letters, digits,"
                  + " underscores, hyphens or dollar signs.")
          String name,
      @Default("public")
          @Pattern(IDENTIFIER_PATTERN)
          @JsonPropertyDescription(
              "Schema that holds the tenant's objects and its flyway_schema_history. Set it per tenant"
                  + " for schema-per-tenant. It must exist: a run never creates it. Default: public.")
          String schema,
      @Size(max = 16)
          @JsonPropertyDescription(
              "Schemas appended to search_path after the tenant's own, for shared extensions. Never"
                  + " another tenant's schema. Default: none.")
          List<@Pattern(IDENTIFIER_PATTERN) String> extensionSchemas,
      @Pattern(IDENTIFIER_PATTERN)
          @JsonPropertyDescription(
              "Role to switch to (SET ROLE) after connecting, so that new objects belong to it."
                  + " Default: the user of the credentials.")
          String role,
      @Default("prefer")
          @JsonPropertyDescription(
              "TLS towards the server, with the meaning of libpq's sslmode"
                  + " (https://www.postgresql.org/docs/current/libpq-ssl.html). verify-ca and"
                  + " verify-full check the certificate against caKey of the credentials, or the JDK's"
                  + " authorities without it. Default: prefer.")
          SslMode sslMode,
      @Required
          @JsonPropertyDescription("The Secret, in the tenant's namespace, that holds the login.")
          CredentialsSecretRef credentialsSecretRef) {

    /** What {@link #host} may look like: nothing that a JDBC URL could read as a parameter. */
    public static final String HOST_PATTERN = "^[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$";

    /** What database, schema and role names may look like. PostgreSQL keeps 63 bytes of a name. */
    public static final String IDENTIFIER_PATTERN = "^[A-Za-z_][A-Za-z0-9_$-]{0,62}$";

    public Database {
      port = Objects.requireNonNullElse(port, 5432);
      schema = Objects.requireNonNullElse(schema, "public");
      extensionSchemas = extensionSchemas == null ? null : List.copyOf(extensionSchemas);
      sslMode = Objects.requireNonNullElse(sslMode, SslMode.PREFER);
    }

    /** The literal {@code host:port}. */
    public String server() {
      return host + ":" + port;
    }
  }

  /** How far TLS goes, as libpq names it. */
  public enum SslMode {
    @JsonProperty("disable")
    DISABLE,
    @JsonProperty("prefer")
    PREFER,
    @JsonProperty("require")
    REQUIRE,
    @JsonProperty("verify-ca")
    VERIFY_CA,
    @JsonProperty("verify-full")
    VERIFY_FULL
  }

  /** A reference to the keys of one Secret. The operator never reads it; the kubelet mounts it. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @ValidationRule(
      value = "oldSelf.hasValue() || has(self.certKey) == has(self.keyKey)",
      optionalOldSelf = true,
      reason = "FieldValueForbidden",
      message = "a client certificate needs both: certKey and keyKey")
  public record CredentialsSecretRef(
      @Required
          @Pattern("^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$")
          @JsonPropertyDescription("Name of the Secret.")
          String name,
      @Default("username")
          @Pattern(KEY_PATTERN)
          @JsonPropertyDescription("Key that holds the user name. Default: username.")
          String usernameKey,
      @Default("password")
          @Pattern(KEY_PATTERN)
          @JsonPropertyDescription("Key that holds the password. Default: password.")
          String passwordKey,
      @Pattern(KEY_PATTERN)
          @JsonPropertyDescription(
              "Key that holds the certificate authorities (PEM) for sslMode verify-ca and verify-full."
                  + " Default: none, the JDK's own authorities count.")
          String caKey,
      @Pattern(KEY_PATTERN)
          @JsonPropertyDescription(
              "Key that holds the client's certificate (PEM), for a server that asks for one. Only with"
                  + " keyKey. Default: none.")
          String certKey,
      @Pattern(KEY_PATTERN)
          @JsonPropertyDescription(
              "Key that holds the client's private key (PEM, PKCS #8, not encrypted). Only with"
                  + " certKey. Default: none.")
          String keyKey) {

    /** A key that is also a safe file name. */
    public static final String KEY_PATTERN = "^[-_a-zA-Z0-9][-._a-zA-Z0-9]{0,252}$";

    public CredentialsSecretRef {
      usernameKey = Objects.requireNonNullElse(usernameKey, "username");
      passwordKey = Objects.requireNonNullElse(passwordKey, "password");
    }
  }
}
