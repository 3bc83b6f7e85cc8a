package dev.fleetway.operator.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetway.api.pod.Assignment;
import dev.fleetway.api.v1alpha1.TenantSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShardPlanTest {

  @ParameterizedTest(name = "servers {0} in {1} shards: {2}")
  @CsvSource({
    "'aaaa', 1, 0000",
    "'aaaa', 16, 0000",
    "'ab', 16, 01",
    // the largest server first, each to the shard with the fewest tenants
    "'abbccc', 2, 111000",
    "'aabbcccc', 2, 11110000",
    "'aabbcccc', 3, 11220000",
    // equal ones by name, whatever the order of the tenants
    "'dcba', 2, 1010",
  })
  void givesEachServerToTheLightestShardTheLargestFirst(
      String servers, int shards, String expected) {
    assertThat(shards(divide(servers, shards))).isEqualTo(expected);
  }

  @Property(tries = 500)
  void keepsServersTogetherAndOrderAndLeavesNoShardEmpty(
      @ForAll @Size(min = 1, max = 60) List<@IntRange(max = 9) Integer> serverOfTenant,
      @ForAll @IntRange(min = 1, max = 16) int shards) {
    String servers =
        serverOfTenant.stream().map(i -> Character.toString('a' + i)).collect(Collectors.joining());
    List<Assignment.Member> divided = divide(servers, shards);

    assertThat(divided)
        .extracting(Assignment.Member::name)
        .containsExactlyElementsOf(names(servers));
    Map<String, List<Integer>> shardsOfServer =
        divided.stream()
            .collect(
                Collectors.groupingBy(
                    member -> member.database().server(),
                    Collectors.mapping(
                        Assignment.Member::shard,
                        Collectors.collectingAndThen(
                            Collectors.toSet(), found -> List.copyOf(found)))));
    assertThat(shardsOfServer.values()).allMatch(found -> found.size() == 1);
    List<Integer> used =
        divided.stream().map(Assignment.Member::shard).distinct().sorted().toList();
    assertThat(used).hasSize(Math.min(shards, shardsOfServer.size()));
    assertThat(used.get(0)).isZero();
    assertThat(used.get(used.size() - 1)).isEqualTo(used.size() - 1);
  }

  private static List<Assignment.Member> divide(String servers, int shards) {
    List<Assignment.Member> members = new ArrayList<>();
    List<String> names = names(servers);
    for (int i = 0; i < servers.length(); i++) {
      members.add(
          new Assignment.Member(
              names.get(i),
              "uid",
              0,
              new TenantSpec.Database(
                  "pg-" + servers.charAt(i), null, names.get(i), null, null, null, null, null)));
    }
    return ShardPlan.divide(members, shards);
  }

  private static List<String> names(String servers) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < servers.length(); i++) {
      names.add("t%03d".formatted(i));
    }
    return names;
  }

  private static String shards(List<Assignment.Member> members) {
    return members.stream()
        .map(member -> Integer.toHexString(member.shard()))
        .collect(Collectors.joining());
  }
}
