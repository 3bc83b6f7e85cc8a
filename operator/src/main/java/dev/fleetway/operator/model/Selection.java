package dev.fleetway.operator.model;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * How the plan came about, in numbers: what a person asks when it is not the plan that was meant.
 *
 * @param fleet tenants of the namespace
 * @param otherState tenants that selector or names admit and {@code states} does not
 * @param leading tenants that {@code rollout.first} matches; null without it
 * @param ordered tenants that carry the label of {@code rollout.orderBy}; null without it
 * @param unusedSizes entries of {@code rollout.cohortSizes} that the plan does not reach
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Selection(
    int fleet, int otherState, Integer leading, Integer ordered, int unusedSizes) {}
