package dev.fleetway.runner.database.flyway;

import dev.fleetway.runner.database.session.ConnectionSource;
import dev.fleetway.runner.database.session.StopSwitch;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.Future;

/**
 * Always hands out the same open session, whose {@code close()} does nothing.
 *
 * <p>Until this is closed, what the server reports beside its answers is forgotten every moment:
 * the driver keeps it with the running statement, without a limit, and a script that reports a row
 * each would fill the pod's memory with what nobody reads.
 */
public final class OneConnection implements ConnectionSource, AutoCloseable {
  private static final Duration MOMENT = Duration.ofMillis(100);

  private final TenantConnection shared;
  private final Future<?> forgetting;
  private volatile Statement latest;

  /**
   * @param historyExists the history table was there a moment ago
   * @param guard keeps the session's settings
   * @param stop of the tenant's work
   */
  public OneConnection(
      Connection connection, boolean historyExists, ScriptGuard guard, StopSwitch stop) {
    this.shared =
        (TenantConnection)
            Proxy.newProxyInstance(
                OneConnection.class.getClassLoader(),
                new Class<?>[] {TenantConnection.class},
                (proxy, method, arguments) ->
                    switch (method.getName()) {
                      case "close" -> null;
                      case "historyExists" -> historyExists;
                      case "guard" -> guard;
                      default -> noted(invoke(method, connection, arguments));
                    });
    this.forgetting = stop.every(MOMENT, this::forget);
  }

  private static Object invoke(Method method, Connection connection, Object[] arguments)
      throws Throwable {
    try {
      return method.invoke(connection, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  private Object noted(Object answer) {
    if (answer instanceof Statement statement) {
      latest = statement;
    }
    return answer;
  }

  private void forget() {
    Statement running = latest;
    try {
      if (running != null) {
        running.clearWarnings();
      }
    } catch (SQLException e) {
      // It has ended meanwhile, and its warnings with it.
    }
  }

  @Override
  public TenantConnection getConnection() {
    return shared;
  }

  @Override
  public void close() {
    forgetting.cancel(false);
  }
}
