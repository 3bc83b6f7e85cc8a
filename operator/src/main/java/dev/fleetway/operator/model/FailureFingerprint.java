package dev.fleetway.operator.model;

import dev.fleetway.api.v1alpha1.TenantReason;
import dev.fleetway.api.v1alpha1.TenantSpec;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Names the cause of a failure: the same SQLSTATE, version and message give the same twelve hex
 * digits in every cohort and every run. What differs from tenant to tenant (numbers, quoted values,
 * the tenant's own name and address) is taken out of the message first.
 */
final class FailureFingerprint {
  private static final int DIGITS = 12;
  private static final Pattern LITERAL =
      Pattern.compile(
          "[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
              + "|'[^']*'"
              + "|(?<![A-Za-z0-9_])0x[0-9a-fA-F]+"
              + "|(?<![A-Za-z0-9_])\\d+([.:,]\\d+)*");
  private static final Pattern SPACE = Pattern.compile("\\s+");

  private FailureFingerprint() {}

  /**
   * The fingerprint.
   *
   * @param sqlState null when no database spoke; then the reason stands in for it
   * @param own what is the tenant's own, see {@link #own}
   */
  static String of(
      TenantReason reason,
      String sqlState,
      String failedVersion,
      String message,
      List<String> own) {
    String text =
        Stream.of(
                sqlState == null ? Objects.toString(reason, "") : sqlState,
                Objects.toString(failedVersion, ""),
                shape(Objects.toString(message, ""), own))
            .collect(Collectors.joining("\n"));
    return HexFormat.of()
        .formatHex(Sha256.of(text.getBytes(StandardCharsets.UTF_8)))
        .substring(0, DIGITS);
  }

  /** What a message of this tenant may hold that no other tenant's does. */
  static List<String> own(String tenant, TenantSpec.Database database) {
    return Stream.of(
            tenant,
            database.server(),
            database.host(),
            database.name(),
            database.schema(),
            database.role(),
            database.credentialsSecretRef() == null ? null : database.credentialsSecretRef().name())
        .filter(Objects::nonNull)
        .filter(word -> !word.isBlank())
        .distinct()
        // The longest first: a tenant's name may be part of its server's.
        .sorted(Comparator.comparing(String::length).reversed().thenComparing(word -> word))
        .toList();
  }

  static String shape(String message, List<String> own) {
    String text = message;
    if (!own.isEmpty()) {
      String words = own.stream().map(Pattern::quote).collect(Collectors.joining("|"));
      text = text.replaceAll("(?<![A-Za-z0-9_-])(" + words + ")(?![A-Za-z0-9_-])", "?");
    }
    text = LITERAL.matcher(text).replaceAll("?");
    return Arrays.stream(SPACE.split(text.strip())).collect(Collectors.joining(" "));
  }
}
