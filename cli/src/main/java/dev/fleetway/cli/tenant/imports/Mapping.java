package dev.fleetway.cli.tenant.imports;

import dev.fleetway.api.v1alpha1.TenantSpec;
import dev.fleetway.api.v1alpha1.TenantSpec.Database;
import dev.fleetway.cli.exit.CommandFailure;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Which column means what, and what a value may look like. Pure.
 *
 * @param columns columns by field, where they are not called as the field is
 * @param labels columns by label key
 * @param secretNameColumn the column that names a Secret which somebody else fills; empty: the
 *     Secret is written, from username and password
 * @param secretName name of a Secret that is written; {@code {name}} stands for the tenant
 */
record Mapping(
    Map<String, String> columns,
    Map<String, String> labels,
    Optional<String> secretNameColumn,
    String secretName) {
  /** What a column can mean. */
  static final List<String> FIELDS =
      List.of(
          "name",
          "host",
          "port",
          "database",
          "schema",
          "role",
          "sslmode",
          "state",
          "username",
          "password");

  private static final List<String> REQUIRED = List.of("name", "host", "database");
  private static final List<String> LOGIN = List.of("username", "password");

  private static final List<String> STATES =
      Arrays.stream(TenantSpec.State.values()).map(Enum::name).toList();

  private static final List<String> SSL_MODES =
      Arrays.stream(TenantSpec.SslMode.values())
          .map(mode -> mode.name().toLowerCase(Locale.ROOT).replace('_', '-'))
          .toList();

  private static final Pattern HOST = Pattern.compile(Database.HOST_PATTERN);
  private static final Pattern IDENTIFIER = Pattern.compile(Database.IDENTIFIER_PATTERN);
  private static final Pattern NAME =
      Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");
  private static final Pattern SECRET = Pattern.compile("[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?");
  private static final Pattern LABEL =
      Pattern.compile("([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?");
  private static final Pattern PORT = Pattern.compile("[0-9]{1,5}");
  private static final int HIGHEST_PORT = 65_535;
  private static final int LONGEST_NAME = 253;

  Mapping {
    columns = Map.copyOf(columns);
    labels = Map.copyOf(labels);
    for (String field : columns.keySet()) {
      if (!FIELDS.contains(field)) {
        throw CommandFailure.usage(
            "--column " + field + "=…: no such field; there are: " + String.join(", ", FIELDS));
      }
    }
  }

  /** What was understood, and what was not: one line each, with its place. */
  record Result(List<ImportedTenant> tenants, List<String> problems, List<String> warnings) {}

  /** Fails at once when a column is missing: then every row would. */
  Result read(SourceTable table) {
    table.requiring(
        Stream.of(
                REQUIRED.stream().map(this::column),
                secretNameColumn.isPresent()
                    ? secretNameColumn.stream()
                    : LOGIN.stream().map(this::column),
                columns.values().stream(),
                labels.values().stream().sorted())
            .flatMap(names -> names)
            .distinct()
            .toList());
    List<ImportedTenant> tenants = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    List<String> warnings = new ArrayList<>();
    Map<String, String> placeOfName = new HashMap<>();
    Map<String, String> nameOfTarget = new HashMap<>();
    for (SourceTable.Row row : table.rows()) {
      Reading reading = new Reading(table.name(), row);
      ImportedTenant tenant = reading.tenant();
      problems.addAll(reading.problems);
      String before = placeOfName.putIfAbsent(tenant.name(), row.place());
      if (before != null && !tenant.name().isEmpty()) {
        problems.add(
            "%s, %s, column %s: tenant %s stands already in %s"
                .formatted(table.name(), row.place(), column("name"), tenant.name(), before));
      }
      String other = nameOfTarget.putIfAbsent(tenant.target(), tenant.name());
      if (other != null && before == null && reading.problems.isEmpty()) {
        warnings.add(
            "tenants %s and %s have the same database and schema: a run fails the second one"
                .formatted(other, tenant.name()));
      }
      tenants.add(tenant);
    }
    return new Result(List.copyOf(tenants), List.copyOf(problems), List.copyOf(warnings));
  }

  private String column(String field) {
    return columns.getOrDefault(field, field);
  }

  /** One row on its way to a tenant. */
  private final class Reading {
    private final String table;
    private final SourceTable.Row row;
    private final List<String> problems = new ArrayList<>();

    Reading(String table, SourceTable.Row row) {
      this.table = table;
      this.row = row;
    }

    ImportedTenant tenant() {
      String name =
          required(
              "name",
              text -> text.length() <= LONGEST_NAME && NAME.matcher(text).matches(),
              "a name of Kubernetes has lower-case letters, digits, - and . only");
      return new ImportedTenant(
          row.place(), name, labelValues(), state(), database(), secret(name), login());
    }

    private Map<String, Object> database() {
      Map<String, Object> database = new LinkedHashMap<>();
      database.put(
          "host",
          required(
              "host",
              HOST.asMatchPredicate(),
              "a host is a DNS name or an IPv4 address, without a port"));
      String identifier =
          "it must begin with a letter or underscore; then up to 62 letters, digits, _, - or $";
      database.put("name", required("database", IDENTIFIER.asMatchPredicate(), identifier));
      optional("port", Mapping::isPort, "a port is a number from 1 to 65535")
          .ifPresent(port -> database.put("port", Integer.valueOf(port)));
      optional("schema", IDENTIFIER.asMatchPredicate(), identifier)
          .ifPresent(schema -> database.put("schema", schema));
      optional("role", IDENTIFIER.asMatchPredicate(), identifier)
          .ifPresent(role -> database.put("role", role));
      optional("sslmode", SSL_MODES::contains, "it is one of " + String.join(", ", SSL_MODES))
          .ifPresent(mode -> database.put("sslMode", mode));
      return database;
    }

    private Optional<TenantSpec.State> state() {
      return optional("state", STATES::contains, "it is one of " + String.join(", ", STATES))
          .map(TenantSpec.State::valueOf);
    }

    private Map<String, String> labelValues() {
      Map<String, String> found = new LinkedHashMap<>();
      labels.forEach(
          (key, column) -> {
            String value = row.values().get(column);
            if (value != null && LABEL.matcher(value).matches()) {
              found.put(key, value);
            } else if (value != null) {
              problem(column, "a label has at most 63 letters, digits, -, _ and .");
            }
          });
      return found;
    }

    private String secret(String tenant) {
      if (secretNameColumn.isEmpty()) {
        return secretName.replace("{name}", tenant);
      }
      String value = row.values().getOrDefault(secretNameColumn.get(), "");
      if (!SECRET.matcher(value).matches()) {
        problem(
            secretNameColumn.get(),
            value.isEmpty()
                ? "it is empty"
                : "a Secret's name has lower-case letters, digits, - and . only");
      }
      return value;
    }

    private Optional<ImportedTenant.Login> login() {
      return secretNameColumn.isPresent()
          ? Optional.empty()
          : Optional.of(
              new ImportedTenant.Login(
                  required("username", text -> true, ""), required("password", text -> true, "")));
    }

    private String required(String field, Predicate<String> form, String advice) {
      Optional<String> value = optional(field, form, advice);
      if (value.isEmpty() && !row.values().containsKey(column(field))) {
        problem(column(field), "it is empty");
      }
      return value.orElse("");
    }

    /** Empty also when it is not as it must be: then there is a problem more. */
    private Optional<String> optional(String field, Predicate<String> form, String advice) {
      String value = row.values().get(column(field));
      if (value != null && !form.test(value)) {
        problem(column(field), "not allowed: " + advice);
        return Optional.empty();
      }
      return Optional.ofNullable(value);
    }

    private void problem(String column, String what) {
      problems.add("%s, %s, column %s: %s".formatted(table, row.place(), column, what));
    }
  }

  private static boolean isPort(String text) {
    return PORT.matcher(text).matches()
        && Integer.parseInt(text) >= 1
        && Integer.parseInt(text) <= HIGHEST_PORT;
  }
}
