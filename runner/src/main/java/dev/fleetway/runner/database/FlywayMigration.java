package dev.fleetway.runner.database;

import dev.fleetway.runner.bundle.Bundle;
import dev.fleetway.runner.bundle.BundleResources;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.ClassProvider;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.flywaydb.core.api.exception.FlywayValidateException;
import org.flywaydb.core.api.migration.JavaMigration;
import org.flywaydb.core.api.output.ValidateOutput;
import org.flywaydb.database.postgresql.PostgreSQLConfigurationExtension;

/** Lets Flyway apply the pending scripts of one bundle. One per pod, used by many tenants. */
final class FlywayMigration {
  private final BundleResources resources;
  private final MigrationVersion head;

  FlywayMigration(Bundle bundle, MigrationVersion head) {
    this.resources = new BundleResources(bundle);
    this.head = head;
  }

  /**
   * Applies what is pending. Never repairs, never creates a schema, never baselines.
   *
   * @return why Flyway's own validation forbids it
   */
  Optional<Precheck.Verdict.Refused> apply(
      Connection connection, String schema, ScriptGuard guard, Duration remaining) {
    FluentConfiguration configuration =
        Flyway.configure(FlywayMigration.class.getClassLoader())
            .loggers("slf4j")
            .dataSource(new OneConnection(connection))
            .connectRetries(0)
            // Another pod may hold the tenant's advisory lock: one try a second, past the deadline,
            // so that the tenant's timeout has the say.
            .lockRetryCount((int) Math.min(Integer.MAX_VALUE, remaining.toSeconds() + 60))
            .schemas(schema)
            .defaultSchema(schema)
            .createSchemas(false)
            .table(HistoryReader.TABLE)
            .resourceProvider(resources)
            .javaMigrationClassProvider(new NoJavaMigrations())
            .skipDefaultCallbacks(true)
            .callbacks(guard)
            .encoding(StandardCharsets.UTF_8)
            .placeholderReplacement(false)
            .target(head)
            .validateOnMigrate(true)
            .ignoreMigrationPatterns("*:future", "*:pending")
            .outOfOrder(false)
            .baselineOnMigrate(false)
            .group(false)
            .mixed(false)
            .cleanDisabled(true);
    // With Flyway's lock in a transaction CREATE INDEX CONCURRENTLY waits for it for ever, and
    // script and history row are committed on two connections: a crash in between loses the row.
    configuration
        .getPluginRegister()
        .getExact(PostgreSQLConfigurationExtension.class)
        .setTransactionalLock(false);
    Flyway flyway = configuration.load();
    try {
      flyway.migrate();
      return Optional.empty();
    } catch (FlywayValidateException e) {
      // It carries what differs only as text; the validation alone has it as data.
      List<ValidateOutput> differences = flyway.validateWithResult().invalidMigrations;
      if (differences == null || differences.isEmpty()) {
        throw e;
      }
      return Optional.of(FailureClassifier.fromValidation(differences.get(0)));
    }
  }

  private static final class NoJavaMigrations implements ClassProvider<JavaMigration> {
    @Override
    public Collection<Class<? extends JavaMigration>> getClasses() {
      return List.of();
    }
  }
}
