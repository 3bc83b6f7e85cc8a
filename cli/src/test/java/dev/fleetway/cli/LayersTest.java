package dev.fleetway.cli;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The layers that the root's package-info tells of. */
@AnalyzeClasses(packages = "dev.fleetway.cli", importOptions = DoNotIncludeTests.class)
class LayersTest {
  @ArchTest
  static final ArchRule EACH_LAYER_KNOWS_ONLY_THOSE_BEFORE_IT =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .withOptionalLayers(true)
          .layer("exit")
          .definedBy("dev.fleetway.cli.exit")
          .layer("output")
          .definedBy("dev.fleetway.cli.output")
          .layer("connect")
          .definedBy("dev.fleetway.cli.connect")
          .layer("command")
          .definedBy("dev.fleetway.cli.command")
          .layer("run")
          .definedBy("dev.fleetway.cli.run..")
          .layer("tenant")
          .definedBy("dev.fleetway.cli.tenant..")
          .layer("migration")
          .definedBy("dev.fleetway.cli.migration..")
          .layer("root")
          .definedBy("dev.fleetway.cli")
          .whereLayer("root")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("run")
          .mayOnlyBeAccessedByLayers("root")
          .whereLayer("command")
          .mayOnlyBeAccessedByLayers("run", "tenant", "migration", "root")
          .whereLayer("connect")
          .mayOnlyBeAccessedByLayers("command", "run", "tenant", "migration", "root")
          .whereLayer("output")
          .mayOnlyBeAccessedByLayers("connect", "command", "run", "tenant", "migration", "root");
}
