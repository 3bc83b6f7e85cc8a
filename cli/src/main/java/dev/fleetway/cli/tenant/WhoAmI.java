package dev.fleetway.cli.tenant;

import dev.fleetway.cli.connect.Cluster;
import io.fabric8.kubernetes.api.model.authentication.SelfSubjectReview;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Optional;

/** The user as the API server knows them: every user may ask that of themselves. */
final class WhoAmI {
  private final Cluster cluster;

  WhoAmI(Cluster cluster) {
    this.cluster = cluster;
  }

  /** Empty where the cluster does not tell. */
  Optional<String> name() {
    try {
      SelfSubjectReview review = cluster.client().resource(new SelfSubjectReview()).create();
      return Optional.of(review.getStatus().getUserInfo().getUsername());
    } catch (KubernetesClientException e) {
      return Optional.empty();
    }
  }
}
