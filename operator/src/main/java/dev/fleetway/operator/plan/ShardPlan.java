package dev.fleetway.operator.plan;

import dev.fleetway.api.pod.Assignment;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Divides the tenants of a cohort between pods: all tenants of one server are in one pod, so that
 * it alone can keep to {@code maxConcurrencyPerServer}.
 */
final class ShardPlan {
  private ShardPlan() {}

  /**
   * The same tenants in the same order, each with its shard: the server with the most tenants
   * first, each to the shard with the fewest. No shard is empty, so there are never more of them
   * than servers.
   */
  static List<Assignment.Member> divide(List<Assignment.Member> members, int shards) {
    Map<String, Integer> shardOf = shardOfServer(sizes(members), shards);
    return members.stream()
        .map(
            member ->
                new Assignment.Member(
                    member.name(),
                    member.uid(),
                    shardOf.get(member.database().server()),
                    member.database()))
        .toList();
  }

  private static Map<String, Integer> sizes(List<Assignment.Member> members) {
    Map<String, Integer> sizes = new TreeMap<>();
    members.forEach(member -> sizes.merge(member.database().server(), 1, Integer::sum));
    return sizes;
  }

  private static Map<String, Integer> shardOfServer(Map<String, Integer> sizes, int shards) {
    List<String> largestFirst =
        sizes.keySet().stream()
            .sorted(
                Comparator.comparing((String server) -> sizes.get(server))
                    .reversed()
                    .thenComparing(Comparator.naturalOrder()))
            .toList();
    int[] load = new int[Math.max(1, Math.min(shards, sizes.size()))];
    Map<String, Integer> shardOf = new HashMap<>();
    for (String server : largestFirst) {
      int shard = lightest(load);
      load[shard] += sizes.get(server);
      shardOf.put(server, shard);
    }
    return shardOf;
  }

  private static int lightest(int[] load) {
    int lightest = 0;
    for (int shard = 1; shard < load.length; shard++) {
      if (load[shard] < load[lightest]) {
        lightest = shard;
      }
    }
    return lightest;
  }
}
