package dev.fleetway.operator.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetway.api.v1alpha1.TenantReason;
import dev.fleetway.api.v1alpha1.TenantSpec;
import java.util.List;
import org.junit.jupiter.api.Test;

class FailureFingerprintTest {
  private static final String MESSAGE =
      "duplicate key value violates unique constraint \"invoice_no\" (table invoice)";

  private static String print(String message) {
    return FailureFingerprint.of(
        TenantReason.ConstraintViolation, "23505", "105", message, List.of());
  }

  /** Dashboards and runbooks may hold on to it: a new release must not rename a cause. */
  @Test
  void staysTheSameInEveryRelease() {
    assertThat(print(MESSAGE)).isEqualTo("5b57a171c39a");
    assertThat(
            FailureFingerprint.of(
                TenantReason.SecretMissing,
                null,
                null,
                "Secret acme-db has no key password",
                List.of("acme-db")))
        .isEqualTo("73693ad48075");
  }

  @Test
  void tellsCausesApart() {
    assertThat(
            List.of(
                print(MESSAGE),
                print(MESSAGE.replace("invoice_no", "invoice_id")),
                FailureFingerprint.of(
                    TenantReason.ConstraintViolation, "23514", "105", MESSAGE, List.of()),
                FailureFingerprint.of(
                    TenantReason.ConstraintViolation, "23505", "106", MESSAGE, List.of()),
                FailureFingerprint.of(TenantReason.TlsFailed, null, null, "refused", List.of()),
                FailureFingerprint.of(TenantReason.HostUnknown, null, null, "refused", List.of()),
                FailureFingerprint.of(null, null, null, null, List.of())))
        .doesNotHaveDuplicates();
  }

  @Test
  void doesNotLookAtLiterals() {
    assertThat(shape("lock held for 12.5 s by pid 4711 at 10.0.0.7:5432, xid 0x1F"))
        .isEqualTo("lock held for ? s by pid ? at ?, xid ?");
    assertThat(shape("key 'a''b'  in\n3f2504e0-4f89-11d3-9a0c-0305e82c3301"))
        .isEqualTo("key ?? in ?");
  }

  @Test
  void keepsNamesThatHoldDigits() {
    assertThat(shape("relation \"orders_2026\" of v2_billing"))
        .isEqualTo("relation \"orders_2026\" of v2_billing");
  }

  @Test
  void doesNotLookAtWhatIsTheTenantsOwn() {
    assertThat(tenantShape("acme", "pg-1", "relation \"acme.orders\" on pg-1:5432 as acme_owner"))
        .isEqualTo(
            tenantShape("bolt", "pg-22", "relation \"bolt.orders\" on pg-22:5432 as bolt_owner"));
  }

  @Test
  void doesNotTakeATenantsNameOutOfALongerWord() {
    assertThat(tenantShape("order", "pg-1", "relation order_item, orders, pre-order"))
        .isEqualTo("relation order_item, orders, pre-order");
  }

  @Test
  void survivesNamesThatMeanSomethingInAPattern() {
    assertThat(FailureFingerprint.shape("user a.b+c$ and axb", List.of("a.b+c$")))
        .isEqualTo("user ? and axb");
  }

  private static String shape(String message) {
    return FailureFingerprint.shape(message, List.of());
  }

  private static String tenantShape(String tenant, String host, String message) {
    TenantSpec.Database database =
        new TenantSpec.Database(
            host,
            5432,
            tenant + "_db",
            tenant,
            null,
            tenant + "_owner",
            null,
            new TenantSpec.CredentialsSecretRef(tenant + "-db", null, null, null, null, null));
    return FailureFingerprint.shape(message, FailureFingerprint.own(tenant, database));
  }
}
