/**
 * The public API of Fleetway, version {@code fleetway.dev/v1alpha1}.
 *
 * <p>A {@link dev.fleetway.api.v1alpha1.Tenant} is one database (or schema) of the fleet; the owner
 * writes its {@code spec}, Fleetway writes its {@code status}. A {@link
 * dev.fleetway.api.v1alpha1.TenantMigrationRun} rolls one bundle of Flyway migrations over a
 * snapshot of the fleet, cohort by cohort.
 *
 * <p>The types are records: values without behaviour beyond their defaults. Each default stands
 * twice, as {@code @Default} for the API server and in the compact constructor for objects that no
 * API server has defaulted; a test keeps the two in step. The descriptions are what {@code kubectl
 * explain} prints. {@code crds/yaml} is generated from here.
 */
package dev.fleetway.api.v1alpha1;
