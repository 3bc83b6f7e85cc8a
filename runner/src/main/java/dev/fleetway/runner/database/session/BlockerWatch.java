package dev.fleetway.runner.database.session;

import dev.fleetway.runner.database.failure.StatementText;
import dev.fleetway.runner.database.failure.TenantFailure.TenantFailureException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees who blocks a session while it waits: once lock_timeout has ended the wait nobody can tell
 * any more. A tenant that is done within half its lock timeout costs a timer and nothing else; on
 * one that takes longer a second connection looks every half lock timeout, so that every wait which
 * reaches the timeout was seen at least once.
 */
public final class BlockerWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(BlockerWatch.class);
  private static final Duration SHORTEST = Duration.ofMillis(50);
  private static final Duration LONGEST = Duration.ofSeconds(5);
  private static final int NAMED = 3;

  // A session that waits for Flyway's lock does so by asking again and again: pg_blocking_pids
  // knows nothing of it. CONCURRENTLY's wait for an old snapshot is one for a virtual transaction
  // id.
  private static final String BLOCKERS =
      """
      SELECT b.pid, a.usename, a.application_name, a.state, a.query,
             (extract(epoch FROM clock_timestamp() - a.query_start))::bigint AS query_age,
             (extract(epoch FROM clock_timestamp() - a.xact_start))::bigint AS transaction_age
      FROM (SELECT unnest(pg_blocking_pids(?)) AS pid
            UNION
            SELECT l.pid FROM pg_locks l
            WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1 AND l.pid <> ?
              AND l.database = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())
              AND l.classid::bigint = (?::bigint >> 32) & 4294967295
              AND l.objid::bigint = ?::bigint & 4294967295) b
        LEFT JOIN pg_stat_activity a ON a.pid = b.pid
      ORDER BY a.xact_start NULLS LAST, b.pid
      """;

  private final SideSession side;
  private final int pid;
  private final long flywayLock;
  private final Duration interval;
  private final ScheduledFuture<?> first;
  private boolean closed;
  private String seen;
  private long seenAt;

  private BlockerWatch(
      StopSwitch stop, SideSession side, int pid, long flywayLock, Duration interval) {
    this.side = side;
    this.pid = pid;
    this.flywayLock = flywayLock;
    this.interval = interval;
    this.first = stop.later(this::begin, interval);
  }

  /**
   * Begins to watch.
   *
   * @param patience the shortest time after which the session gives up a wait
   */
  public static BlockerWatch over(
      StopSwitch stop, SideSession side, int pid, long flywayLock, Duration patience) {
    Duration half = patience.dividedBy(2);
    Duration atLeast = half.compareTo(SHORTEST) < 0 ? SHORTEST : half;
    return new BlockerWatch(
        stop, side, pid, flywayLock, atLeast.compareTo(LONGEST) < 0 ? atLeast : LONGEST);
  }

  /** Who blocks the session, or did until a moment ago. */
  public synchronized Optional<String> blockers() {
    long age = System.nanoTime() - seenAt;
    return seen == null || age > interval.multipliedBy(3).toNanos()
        ? Optional.empty()
        : Optional.of(seen);
  }

  @Override
  public synchronized void close() {
    closed = true;
    first.cancel(false);
    notifyAll();
  }

  private synchronized void begin() {
    if (closed) {
      return;
    }
    // Its own thread: the timer's must stay free for cancels, and this one may wait for the server.
    Thread watcher = new Thread(this::watch, "blocker-watch");
    watcher.setDaemon(true);
    watcher.start();
  }

  private void watch() {
    try (Connection connection = side.open();
        PreparedStatement statement = connection.prepareStatement(BLOCKERS)) {
      statement.setInt(1, pid);
      statement.setInt(2, pid);
      statement.setLong(3, flywayLock);
      statement.setLong(4, flywayLock);
      do {
        look(statement);
      } while (pause());
    } catch (SQLException e) {
      // The tenant's own work is not disturbed: its outcome will name nobody.
      LOG.debug("cannot watch for blockers: SQLSTATE {}", e.getSQLState());
    } catch (TenantFailureException e) {
      LOG.debug("cannot watch for blockers: {}", e.failure().reason());
    }
  }

  private synchronized boolean pause() {
    long end = System.nanoTime() + interval.toNanos();
    try {
      for (long left = interval.toNanos(); left > 0 && !closed; left = end - System.nanoTime()) {
        TimeUnit.NANOSECONDS.timedWait(this, left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
    return !closed;
  }

  private void look(PreparedStatement statement) throws SQLException {
    List<String> blockers = new ArrayList<>();
    int more = 0;
    try (ResultSet row = statement.executeQuery()) {
      while (row.next()) {
        if (blockers.size() < NAMED) {
          blockers.add(describe(row));
        } else {
          more++;
        }
      }
    }
    if (!blockers.isEmpty()) {
      saw(
          "blocked by "
              + String.join("; by ", blockers)
              + (more > 0 ? "; by " + more + " more" : ""));
    }
  }

  private synchronized void saw(String blockers) {
    seen = blockers;
    seenAt = System.nanoTime();
  }

  private static String describe(ResultSet row) throws SQLException {
    int pid = row.getInt("pid");
    if (pid == 0) {
      return "a prepared transaction (see pg_prepared_xacts)";
    }
    StringBuilder text = new StringBuilder("pid " + pid);
    append(text, ", user ", row.getString("usename"));
    append(text, ", application ", row.getString("application_name"));
    String state = row.getString("state");
    if (state == null) {
      return text.append(", whose query only a member of pg_read_all_stats may see").toString();
    }
    append(text, ", ", state);
    append(text, ", transaction of ", row.getString("transaction_age"), " s");
    append(text, ", query of ", row.getString("query_age"), " s");
    append(text, ": ", StatementText.of(row.getString("query")));
    return text.toString();
  }

  private static void append(StringBuilder text, String before, String value) {
    append(text, before, value, "");
  }

  private static void append(StringBuilder text, String before, String value, String after) {
    if (value != null && !value.isEmpty()) {
      text.append(before).append(value).append(after);
    }
  }
}
