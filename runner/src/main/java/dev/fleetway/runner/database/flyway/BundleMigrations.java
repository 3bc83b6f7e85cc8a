package dev.fleetway.runner.database.flyway;

import dev.fleetway.runner.bundle.Bundle;
import dev.fleetway.runner.bundle.Script;
import dev.fleetway.runner.bundle.TenantScripts;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.flywaydb.core.api.CoreMigrationType;
import org.flywaydb.core.api.executor.MigrationExecutor;
import org.flywaydb.core.api.resolver.MigrationResolver;
import org.flywaydb.core.api.resolver.ResolvedMigration;
import org.flywaydb.core.internal.jdbc.Results;
import org.flywaydb.core.internal.resolver.ResolvedMigrationImpl;
import org.flywaydb.core.internal.resolver.sql.SqlMigrationExecutor;
import org.flywaydb.core.internal.sqlscript.SqlScriptExecutorFactory;

/**
 * The bundle in Flyway's form, for one tenant. It stands in the place of Flyway's own search for
 * files, which reads and hashes each script anew for every tenant; parsed scripts are shared.
 */
final class BundleMigrations implements MigrationResolver {
  private final TenantScripts scripts;

  BundleMigrations(TenantScripts scripts) {
    this.scripts = scripts;
  }

  @Override
  public Collection<ResolvedMigration> resolveMigrations(MigrationResolver.Context context) {
    Bundle bundle = scripts.bundle();
    return Stream.concat(bundle.scripts().stream(), bundle.repeatables().stream())
        .map(script -> resolved(script, context.sqlScriptExecutorFactory))
        .toList();
  }

  private ResolvedMigration resolved(Script script, SqlScriptExecutorFactory executors) {
    return new ResolvedMigrationImpl(
        script.version(),
        script.description(),
        script.fileName(),
        scripts.checksum(script),
        // Flyway would also take the checksum of the text with other values for the same.
        null,
        CoreMigrationType.SQL,
        script.fileName(),
        new Execution(script, executors));
  }

  /** Parses when Flyway asks: for what is applied already it never does. */
  private final class Execution implements MigrationExecutor {
    private final Script script;
    private final SqlScriptExecutorFactory executors;

    Execution(Script script, SqlScriptExecutorFactory executors) {
      this.script = script;
      this.executors = executors;
    }

    @Override
    public List<Results> execute(org.flywaydb.core.api.executor.Context context)
        throws SQLException {
      return new SqlMigrationExecutor(executors, scripts.parsed(script).forFlyway(), false, false)
          .execute(context);
    }

    @Override
    public boolean canExecuteInTransaction() {
      return scripts.parsed(script).executeInTransaction();
    }

    @Override
    public boolean shouldExecute() {
      return true;
    }
  }
}
