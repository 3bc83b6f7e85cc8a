package dev.fleetway.operator.tenant;

import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Tenants whose access a gate changes, a few at a time: a cohort may be a thousand of them, and
 * runs must be looked at meanwhile. Those that a cohort waits for come before those that are free
 * again.
 *
 * <p>It says whom to look at and looks at nobody itself. It holds no truth: who is in it twice, or
 * needlessly, is looked at in vain.
 */
final class AccessQueue {
  /** An API server writes no faster for more of them. */
  static final int AT_A_TIME = 16;

  private final Set<ResourceID> closing = new LinkedHashSet<>();
  private final Set<ResourceID> opening = new LinkedHashSet<>();
  private final Set<ResourceID> underWay = new HashSet<>();

  /** More tenants; returns whom to look at now. */
  synchronized List<ResourceID> add(
      Collection<ResourceID> toBeClosed, Collection<ResourceID> toBeOpened) {
    opening.removeAll(toBeClosed);
    closing.removeAll(toBeOpened);
    closing.addAll(toBeClosed);
    opening.addAll(toBeOpened);
    return next();
  }

  /** Somebody was looked at, or is gone; returns whom to look at now. */
  synchronized List<ResourceID> done(ResourceID tenant) {
    return underWay.remove(tenant) ? next() : List.of();
  }

  private List<ResourceID> next() {
    List<ResourceID> chosen = new ArrayList<>();
    for (Set<ResourceID> waiting : List.of(closing, opening)) {
      var tenants = waiting.iterator();
      while (underWay.size() < AT_A_TIME && tenants.hasNext()) {
        ResourceID tenant = tenants.next();
        tenants.remove();
        underWay.add(tenant);
        chosen.add(tenant);
      }
    }
    return chosen;
  }
}
