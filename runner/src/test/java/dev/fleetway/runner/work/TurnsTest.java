package dev.fleetway.runner.work;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetway.api.pod.Assignment;
import dev.fleetway.runner.testing.TestTenants;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TurnsTest {
  /** Tenants are named after their server and their number there. */
  @ParameterizedTest
  @CsvSource({
    // line, perServer, who may start before anybody has ended
    "a1 a2 a3 b1, 1, a1 b1",
    "a1 a2 a3 b1, 2, a1 a2 b1",
    "a1 a2 a3 b1, 3, a1 a2 a3 b1",
    "a1 b1 a2 b2, 1, a1 b1",
    "a1 a2 a3, 1, a1",
    "a1 b1 c1, 1, a1 b1 c1",
  })
  void startsInOrderWhoeverHasRoomOnHisServer(String line, int perServer, String started) {
    Turns turns = new Turns(members(line), perServer);

    assertThat(String.join(" ", startAll(turns))).isEqualTo(started);
  }

  @Test
  void theFirstInLineOfAServerStartsWhenAnotherOneThereHasEnded() {
    List<Assignment.Member> members = members("a1 a2 a3 b1");
    Turns turns = new Turns(members, 1);
    assertThat(startAll(turns)).containsExactly("a1", "b1");

    turns.done(members.get(3));
    assertThat(startAll(turns)).isEmpty();
    turns.done(members.get(0));
    assertThat(startAll(turns)).containsExactly("a2");

    assertThat(turns.isAnyoneWaiting()).isTrue();
    turns.done(members.get(1));
    assertThat(startAll(turns)).containsExactly("a3");
    assertThat(turns.isAnyoneWaiting()).isFalse();
  }

  @Test
  void twoPortsOfOneHostAreTwoServers() {
    Turns turns = new Turns(List.of(member("one", "pg", 1), member("two", "pg", 2)), 1);

    assertThat(startAll(turns)).containsExactly("one", "two");
  }

  @Property(tries = 400)
  void nobodyIdlesNobodyIsLostAndNoServerIsOverrun(
      @ForAll("lines") List<Integer> servers,
      @ForAll @IntRange(min = 1, max = 6) int concurrency,
      @ForAll @IntRange(min = 1, max = 4) int perServer,
      @ForAll Random chance) {
    List<Assignment.Member> waiting = new ArrayList<>();
    for (int i = 0; i < servers.size(); i++) {
      waiting.add(member("t" + i, "pg-" + servers.get(i), 5432));
    }
    Turns turns = new Turns(waiting, perServer);
    List<Assignment.Member> working = new ArrayList<>();

    while (!waiting.isEmpty() || !working.isEmpty()) {
      while (working.size() < concurrency) {
        // The rule in its plainest form: the first in the line whose server has room.
        Optional<Assignment.Member> expected =
            waiting.stream().filter(member -> load(working, member) < perServer).findFirst();
        assertThat(turns.isAnyoneWaiting()).isEqualTo(!waiting.isEmpty());
        assertThat(turns.next()).isEqualTo(expected);
        if (expected.isEmpty()) {
          break;
        }
        waiting.remove(expected.get());
        working.add(expected.get());
      }
      // Without somebody in work whom the rest waits for, the rest would wait for ever.
      assertThat(working).isNotEmpty();
      turns.done(working.remove(chance.nextInt(working.size())));
    }
    assertThat(turns.next()).isEmpty();
  }

  @Provide
  Arbitrary<List<Integer>> lines() {
    return Arbitraries.integers().between(0, 4).list().ofMaxSize(30);
  }

  private static long load(List<Assignment.Member> working, Assignment.Member member) {
    return working.stream()
        .filter(other -> other.database().host().equals(member.database().host()))
        .count();
  }

  private static List<String> startAll(Turns turns) {
    List<String> started = new ArrayList<>();
    for (Optional<Assignment.Member> next = turns.next(); next.isPresent(); next = turns.next()) {
      started.add(next.get().name());
    }
    return started;
  }

  private static List<Assignment.Member> members(String line) {
    List<Assignment.Member> members = new ArrayList<>();
    for (String name : line.split(" ", -1)) {
      members.add(member(name, "pg-" + name.charAt(0), 5432));
    }
    return members;
  }

  private static Assignment.Member member(String name, String host, int port) {
    return TestTenants.member(
        TestTenants.tenant(name, TestTenants.database(host, port, name, "public", null)));
  }
}
