package dev.fleetway.operator;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The one direction of flow, and the purity of what decides. */
@AnalyzeClasses(packages = "dev.fleetway.operator", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

  @ArchTest
  static final ArchRule observePlanDecideApplyStatus =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("root")
          .definedBy("dev.fleetway.operator")
          .layer("tenant")
          .definedBy("..operator.tenant")
          .layer("metrics")
          .definedBy("..operator.metrics")
          .layer("report")
          .definedBy("..operator.report")
          .layer("status")
          .definedBy("..operator.status")
          .layer("apply")
          .definedBy("..operator.apply")
          .layer("decide")
          .definedBy("..operator.decide")
          .layer("plan")
          .definedBy("..operator.plan")
          .layer("observe")
          .definedBy("..operator.observe")
          .layer("model")
          .definedBy("..operator.model")
          .whereLayer("root")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("tenant")
          .mayOnlyBeAccessedByLayers("root")
          .whereLayer("metrics")
          .mayOnlyBeAccessedByLayers("root")
          .whereLayer("report")
          .mayOnlyBeAccessedByLayers("root")
          .whereLayer("status")
          .mayOnlyBeAccessedByLayers("root")
          .whereLayer("apply")
          .mayOnlyBeAccessedByLayers("root")
          .whereLayer("decide")
          .mayOnlyBeAccessedByLayers("root", "apply", "status")
          .whereLayer("plan")
          .mayOnlyBeAccessedByLayers("root", "decide", "metrics")
          .whereLayer("observe")
          .mayOnlyBeAccessedByLayers("root", "plan", "decide", "status");

  @ArchTest
  static final ArchRule whatDecidesKnowsNoClient =
      noClasses()
          .that()
          .resideInAnyPackage("..plan", "..decide", "..status", "..model")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.fabric8.kubernetes.client..", "io.javaoperatorsdk..", "io.micrometer..")
          .because("plan, decide and status are pure functions over values");

  @ArchTest
  static final ArchRule whatDecidesReadsNoClock =
      noClasses()
          .that()
          .resideInAnyPackage("..observe", "..plan", "..decide", "..apply", "..status", "..model")
          .should()
          .callMethod(java.time.Instant.class, "now")
          .orShould()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .callMethod(java.time.Clock.class, "systemUTC")
          .because("the clock is passed in");

  @ArchTest
  static final ArchRule theObserverNeverWrites =
      noClasses()
          .that()
          .resideInAPackage("..observe")
          .should()
          .callMethodWhere(
              com.tngtech.archunit.core.domain.JavaCall.Predicates.target(
                  com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching(
                      "create|createOr.*|patch|patchStatus|update.*|replace|edit.*|delete|serverSideApply")))
          .because("reading is its only job");

  @ArchTest
  static final ArchRule namesSayWhatAClassIs =
      classes()
          .should()
          .haveNameNotMatching(".*(Utils?|Helper|Manager|Service)$")
          .because("a class is named after the noun it produces");
}
