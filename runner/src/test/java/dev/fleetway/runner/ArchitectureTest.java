package dev.fleetway.runner;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Which room may know which: from the pod's work down to a session, never back. */
@AnalyzeClasses(packages = "dev.fleetway.runner", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

  @ArchTest
  static final ArchRule fromThePodsWorkDownToASession =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("work")
          .definedBy("dev.fleetway.runner.work")
          .layer("outcome")
          .definedBy("dev.fleetway.runner.outcome")
          .layer("database")
          .definedBy("dev.fleetway.runner.database")
          .layer("flyway")
          .definedBy("dev.fleetway.runner.database.flyway")
          .layer("leftover")
          .definedBy("dev.fleetway.runner.database.leftover")
          .layer("history")
          .definedBy("dev.fleetway.runner.database.history")
          .layer("session")
          .definedBy("dev.fleetway.runner.database.session")
          .layer("failure")
          .definedBy("dev.fleetway.runner.database.failure")
          .layer("bundle")
          .definedBy("dev.fleetway.runner.bundle")
          .whereLayer("work")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("outcome")
          .mayOnlyBeAccessedByLayers("work")
          .whereLayer("database")
          .mayOnlyBeAccessedByLayers("outcome", "work")
          .whereLayer("flyway")
          .mayOnlyBeAccessedByLayers("database")
          .whereLayer("leftover")
          .mayOnlyBeAccessedByLayers("flyway", "database")
          .whereLayer("history")
          .mayOnlyBeAccessedByLayers("leftover", "flyway", "database")
          .whereLayer("session")
          .mayOnlyBeAccessedByLayers("history", "leftover", "flyway", "database", "work")
          .whereLayer("bundle")
          .mayNotAccessAnyLayer();
}
