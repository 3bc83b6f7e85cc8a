package dev.fleetway.operator.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetway.api.v1alpha1.Tenant;
import dev.fleetway.api.v1alpha1.TenantMigrationRun;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.javaoperatorsdk.operator.api.reconciler.Constants;
import io.javaoperatorsdk.operator.processing.GroupVersionKind;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OperatorMetricsTest {
  private final OperatorMetrics metrics = new OperatorMetrics();

  @AfterEach
  void close() {
    metrics.close();
  }

  @Test
  void failuresOfManyRunsAreOneSeries() {
    metrics.of(standby());
    fail("v0");
    long before = series();

    for (int i = 1; i <= 50; i++) {
      fail("v" + i);
    }

    assertThat(metrics.scrape())
        .contains(
            "operator_sdk_reconciliations_failed_total{exception=\"IllegalStateException\",kind=\"TenantMigrationRun\"} 51.0")
        .doesNotContain("v50");
    assertThat(series()).isEqualTo(before);
  }

  @Test
  void whoStandsByTellsThatItDoesNotLead() {
    metrics.of(standby());

    assertThat(metrics.scrape()).contains("\nfleetway_leader 0.0\n").doesNotContain("fleetway_run");
  }

  private void fail(String name) {
    TenantMigrationRun run = new TenantMigrationRun();
    run.setMetadata(new ObjectMetaBuilder().withName(name).withNamespace("fleet").build());
    metrics
        .ofControllers()
        .failedReconciliation(
            run,
            new IllegalStateException("away"),
            Map.of(Constants.RESOURCE_GVK_KEY, GroupVersionKind.gvkFor(TenantMigrationRun.class)));
  }

  /** The collector of garbage may begin a series of its own at any time. */
  private long series() {
    return metrics
        .scrape()
        .lines()
        .filter(line -> line.startsWith("operator_") || line.startsWith("fleetway_"))
        .count();
  }

  private static FleetSource standby() {
    return new FleetSource() {
      @Override
      public boolean leads() {
        return false;
      }

      @Override
      public Stream<TenantMigrationRun> runs() {
        throw new IllegalStateException("there are no caches");
      }

      @Override
      public Stream<Tenant> tenants() {
        throw new IllegalStateException("there are no caches");
      }
    };
  }
}
