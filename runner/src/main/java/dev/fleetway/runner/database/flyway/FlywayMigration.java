package dev.fleetway.runner.database.flyway;

import dev.fleetway.runner.bundle.TenantScripts;
import dev.fleetway.runner.database.history.History;
import dev.fleetway.runner.database.history.HistoryReader;
import dev.fleetway.runner.database.history.MigrationRules;
import dev.fleetway.runner.database.history.Precheck;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.ClassProvider;
import org.flywaydb.core.api.ResourceProvider;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.flywaydb.core.api.exception.FlywayValidateException;
import org.flywaydb.core.api.migration.JavaMigration;
import org.flywaydb.core.api.output.ValidateOutput;
import org.flywaydb.core.api.resource.LoadableResource;
import org.flywaydb.database.postgresql.PostgreSQLConfigurationExtension;

/** Lets Flyway apply what is pending. One per pod, used by many tenants. */
public final class FlywayMigration {
  /** What stands in the history of an adopted schema. */
  static final String BASELINE_DESCRIPTION = "adopted by Fleetway";

  private final MigrationRules rules;

  public FlywayMigration(MigrationRules rules) {
    this.rules = rules;
  }

  /**
   * Applies what is pending. Never repairs, never creates a schema.
   *
   * @param session whose guard's settings are fresh
   * @param before the history as the precheck saw it; where a schema that is not empty has none,
   *     the baseline is marked first
   * @param turn for scripts without a transaction
   * @return why Flyway's own validation forbids it
   */
  public Optional<Precheck.Verdict.Refused> apply(
      OneConnection session,
      String schema,
      TenantScripts scripts,
      History before,
      Duration remaining,
      DatabaseTurn turn) {
    FluentConfiguration configuration =
        Flyway.configure(FlywayMigration.class.getClassLoader())
            .loggers("slf4j")
            .dataSource(session)
            .connectRetries(0)
            // Another pod may hold the tenant's advisory lock: one try a second, past the deadline,
            // so that the tenant's timeout has the say.
            .lockRetryCount((int) Math.min(Integer.MAX_VALUE, remaining.toSeconds() + 60))
            .schemas(schema)
            .defaultSchema(schema)
            .createSchemas(false)
            .table(HistoryReader.TABLE)
            .skipDefaultResolvers(true)
            .resolvers(new BundleMigrations(scripts))
            .resourceProvider(new NoFiles())
            .javaMigrationClassProvider(new NoJavaMigrations())
            .skipDefaultCallbacks(true)
            .callbacks(session.getConnection().guard(), turn)
            .encoding(StandardCharsets.UTF_8)
            // Values are in the scripts already.
            .placeholderReplacement(false)
            .target(rules.head())
            .validateOnMigrate(true)
            .ignoreMigrationPatterns("*:future", "*:pending")
            .outOfOrder(rules.outOfOrder())
            .baselineOnMigrate(false)
            .group(false)
            .mixed(false)
            .cleanDisabled(true);
    if (before.isUnadopted()) {
      configuration =
          configuration
              .baselineOnMigrate(true)
              .baselineVersion(rules.baseline().orElseThrow())
              .baselineDescription(BASELINE_DESCRIPTION);
    }
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
      return Optional.of(LateRefusal.of(differences.get(0)));
    }
  }

  /** Without it Flyway would search directories and the class path, and run what it finds there. */
  private static final class NoFiles implements ResourceProvider {
    @Override
    public LoadableResource getResource(String name) {
      return null;
    }

    @Override
    public Collection<LoadableResource> getResources(String prefix, String[] suffixes) {
      return List.of();
    }
  }

  private static final class NoJavaMigrations implements ClassProvider<JavaMigration> {
    @Override
    public Collection<Class<? extends JavaMigration>> getClasses() {
      return List.of();
    }
  }
}
