package dev.fleetway.operator.model;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The newest version of each object that this process wrote itself. A watch that lags shows an
 * older one for a while: whoever acted on that would not know what it did a moment ago.
 */
public final class OwnWrites {
  private final Map<String, Long> versions = new ConcurrentHashMap<>();

  /** This is how the API server answered our write. */
  public void remember(HasMetadata written) {
    versions.merge(written.getMetadata().getUid(), version(written), Math::max);
  }

  /** Is this object, from a cache, older than what we wrote? */
  public boolean areMissingIn(HasMetadata cached) {
    Long own = versions.get(cached.getMetadata().getUid());
    return own != null && version(cached) < own;
  }

  /** The object is gone. */
  public void forget(HasMetadata deleted) {
    versions.remove(deleted.getMetadata().getUid());
  }

  private static long version(HasMetadata object) {
    String version = object.getMetadata().getResourceVersion();
    return version == null ? 0 : Long.parseLong(version);
  }
}
