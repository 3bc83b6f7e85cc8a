package dev.fleetway.operator.apply;

import io.fabric8.kubernetes.api.model.ResourceRequirements;

/**
 * What the runner's pod looks like unless a run says otherwise.
 *
 * @param resources null for none
 */
public record RunnerDefaults(String image, String serviceAccount, ResourceRequirements resources) {}
