package dev.fleetway.runner.database.flyway;

import java.sql.SQLException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.callback.Callback;
import org.flywaydb.core.api.callback.Context;
import org.flywaydb.core.api.callback.Event;

/**
 * Waits for the tenant's turn before each script without a transaction. It waits before Flyway
 * counts the script as begun, so that giving up leaves no failed entry; and on the client's side,
 * because a statement that waits on the server is itself what CONCURRENTLY waits for.
 */
public final class DatabaseTurn implements Callback, AutoCloseable {
  private static final long LOOK_MILLIS = 100;

  private final Semaphore turn;
  private final BooleanSupplier stopped;
  private boolean mine;

  /**
   * @param stopped the tenant's time is up, or the pod must go
   */
  public DatabaseTurn(Semaphore turn, BooleanSupplier stopped) {
    this.turn = turn;
    this.stopped = stopped;
  }

  @Override
  public boolean supports(Event event, Context context) {
    return event == Event.BEFORE_EACH_MIGRATE || event == Event.AFTER_EACH_MIGRATE;
  }

  @Override
  public boolean canHandleInTransaction(Event event, Context context) {
    return true;
  }

  @Override
  public void handle(Event event, Context context) {
    if (event == Event.AFTER_EACH_MIGRATE) {
      close();
    } else if (isOutsideTransaction(context)) {
      take();
    }
  }

  private static boolean isOutsideTransaction(Context context) {
    try {
      // Flyway has begun its transaction by now, if the script gets one.
      return context.getConnection().getAutoCommit();
    } catch (SQLException e) {
      throw new FlywayException("the connection is closed", e);
    }
  }

  private void take() {
    try {
      while (!turn.tryAcquire(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
        if (stopped.getAsBoolean()) {
          throw new FlywayException("stopped before its turn in the database");
        }
      }
      mine = true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new FlywayException("interrupted before its turn in the database", e);
    }
  }

  /** The turn is the next one's. */
  @Override
  public void close() {
    if (mine) {
      mine = false;
      turn.release();
    }
  }

  @Override
  public String getCallbackName() {
    return "fleetway-turn";
  }
}
