package dev.fleetway.runner.work;

import dev.fleetway.api.pod.Assignment;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Whose turn it is: the first in the given order whose server, the literal {@code host:port}, has
 * room. A server that is full holds nobody up who lives elsewhere. Pure state, for one thread at a
 * time; a turn costs the logarithm of the number of servers.
 */
final class Turns {
  private final int perServer;
  private final Map<String, Server> servers = new HashMap<>();

  /** The servers that have room and somebody waiting, by the place of their first one in line. */
  private final NavigableMap<Integer, Server> open = new TreeMap<>();

  private int waiting;

  /**
   * @param perServer tenants at a time on one server, from 1
   */
  Turns(List<Assignment.Member> members, int perServer) {
    this.perServer = perServer;
    for (Assignment.Member member : members) {
      Server server = servers.computeIfAbsent(address(member), unused -> new Server());
      server.line.add(new Waiting(waiting, member));
      waiting++;
    }
    servers.values().forEach(this::enter);
  }

  /** The next one, who is in work from now on; empty while every server with a line is full. */
  Optional<Assignment.Member> next() {
    Map.Entry<Integer, Server> first = open.pollFirstEntry();
    if (first == null) {
      return Optional.empty();
    }
    Server server = first.getValue();
    Assignment.Member member = server.line.remove().member;
    server.working++;
    waiting--;
    enter(server);
    return Optional.of(member);
  }

  /** Somebody who had his turn has ended. */
  void done(Assignment.Member member) {
    Server server = servers.get(address(member));
    boolean wasFull = server.working == perServer;
    server.working--;
    if (wasFull) {
      enter(server);
    }
  }

  /** Somebody still waits for his turn. */
  boolean isAnyoneWaiting() {
    return waiting > 0;
  }

  private void enter(Server server) {
    if (server.working < perServer && !server.line.isEmpty()) {
      open.put(server.line.element().place, server);
    }
  }

  private static String address(Assignment.Member member) {
    return member.database().host() + ":" + member.database().port();
  }

  private record Waiting(int place, Assignment.Member member) {}

  private static final class Server {
    private final Deque<Waiting> line = new ArrayDeque<>();
    private int working;
  }
}
