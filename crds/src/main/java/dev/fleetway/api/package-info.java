/**
 * What operator, runner and tests share: the resources ({@link dev.fleetway.api.v1alpha1}), the
 * contract with the pods ({@link dev.fleetway.api.pod}), and how clients read objects.
 */
package dev.fleetway.api;
