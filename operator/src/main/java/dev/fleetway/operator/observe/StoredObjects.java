package dev.fleetway.operator.observe;

import dev.fleetway.api.v1alpha1.Tenant;
import dev.fleetway.api.v1alpha1.TenantMigrationRun;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What the API server holds at this moment. Whoever observes asks a cache, or here: for what a
 * cache that lags could not prove.
 */
public interface StoredObjects {

  Optional<Tenant> tenant(String namespace, String name);

  /** All of a namespace; of each only what is wanted is kept, a fleet may be large. */
  <T> List<T> tenants(String namespace, Function<Tenant, T> wanted);

  /** The runs of these namespaces that something is wanted of; of all when none is named. */
  <T> List<T> runs(List<String> namespaces, Function<TenantMigrationRun, Optional<T>> wanted);

  /** Is this namespace being deleted? False where nobody may tell. */
  boolean isNamespaceGoing(String namespace);

  Optional<ConfigMap> configMap(String namespace, String name);

  Optional<Job> job(String namespace, String name);

  /** Those with this label. */
  List<Pod> pods(String namespace, String label, String value);

  /** The same without those that have ended: a run may have had a hundred, with large volumes. */
  List<Pod> podsAtWork(String namespace, String label, String value);

  /** What was said about an object. */
  List<Event> events(HasMetadata about);
}
