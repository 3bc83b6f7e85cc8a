package dev.fleetway.operator.metrics;

import dev.fleetway.api.pod.Assignment;
import dev.fleetway.operator.model.TenantView;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How many tenants may be in work on each database server, by the cohorts at work. A process that
 * has just begun to lead knows it as soon as it has looked at each run once.
 */
final class ServerLoad {
  static final int MOST_SERVERS = 50;
  private static final String OTHERS = "other";

  private record Run(String namespace, String name) {}

  private final Map<Run, Map<String, Integer>> byRun = new ConcurrentHashMap<>();

  /**
   * Says what a run's pods have to do.
   *
   * @param work what the cohort at work was started with; empty for none
   * @param tenants its tenants, with the outcomes that they have
   */
  void set(
      String namespace, String run, Optional<Assignment> work, Map<String, TenantView> tenants) {
    Run key = new Run(namespace, run);
    if (work.isEmpty()) {
      byRun.remove(key);
    } else {
      byRun.put(key, load(work.get(), tenants));
    }
  }

  private static Map<String, Integer> load(Assignment work, Map<String, TenantView> tenants) {
    Map<String, Integer> open = new HashMap<>();
    for (Assignment.Member member : work.tenants()) {
      if (isOpen(work, tenants.get(member.name()))) {
        open.merge(member.database().server(), 1, Integer::sum);
      }
    }
    // all tenants of a server are in one pod
    int most = Math.min(work.limits().concurrency(), work.limits().perServer());
    open.replaceAll((server, count) -> Math.min(count, most));
    return open;
  }

  private static boolean isOpen(Assignment work, TenantView tenant) {
    return tenant != null
        && tenant
            .outcomeOf(work.runUid())
            .filter(found -> found.attempt() >= work.attempt() || found.outcome().isSuccess())
            .isEmpty();
  }

  void tell(Samples samples) {
    Map<String, Map<String, Integer>> byNamespace = new TreeMap<>();
    byRun.forEach(
        (run, load) -> {
          Map<String, Integer> sum =
              byNamespace.computeIfAbsent(run.namespace(), key -> new HashMap<>());
          load.forEach((server, count) -> sum.merge(server, count, Integer::sum));
        });
    byNamespace.forEach((namespace, load) -> tell(namespace, load, samples));
  }

  private static void tell(String namespace, Map<String, Integer> load, Samples samples) {
    List<Map.Entry<String, Integer>> busiest =
        load.entrySet().stream()
            .sorted(
                Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder())
                    .thenComparing(Map.Entry.comparingByKey()))
            .toList();
    for (int i = 0; i < busiest.size(); i++) {
      samples.add(
          FleetMetric.SERVER_CONCURRENCY,
          busiest.get(i).getValue(),
          namespace,
          i < MOST_SERVERS ? busiest.get(i).getKey() : OTHERS);
    }
  }
}
