package dev.fleetway.operator.apply;

import dev.fleetway.api.pod.Assignment;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * How long the pods of an assignment work when every tenant takes all its time.
 *
 * <p>In a pod, either every slot is busy or every server with tenants left is at its own limit. So
 * the tenants of the largest server, as many at a time as one server takes, and then all others, as
 * many at a time as the pod takes, is the longest it can last, whatever the order.
 */
final class WorkTime {
  private WorkTime() {}

  static Duration of(Assignment assignment) {
    long rounds =
        IntStream.range(0, assignment.shards())
            .mapToLong(shard -> rounds(assignment, shard))
            .max()
            .orElse(0);
    return Duration.ofMillis(assignment.limits().tenantTimeoutMillis()).multipliedBy(rounds);
  }

  private static long rounds(Assignment assignment, int shard) {
    Map<String, Long> sizes =
        assignment.shard(shard).stream()
            .collect(
                Collectors.groupingBy(member -> member.database().server(), Collectors.counting()));
    long largest = sizes.isEmpty() ? 0 : Collections.max(sizes.values());
    long others = sizes.values().stream().mapToLong(Long::longValue).sum() - largest;
    int concurrency = assignment.limits().concurrency();
    int perServer = Math.min(assignment.limits().perServer(), concurrency);
    return divideUp(largest, perServer) + divideUp(others, concurrency);
  }

  private static long divideUp(long tenants, int atATime) {
    return (tenants + atATime - 1) / atATime;
  }
}
