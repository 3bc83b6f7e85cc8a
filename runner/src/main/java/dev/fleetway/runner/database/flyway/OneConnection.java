package dev.fleetway.runner.database.flyway;

import dev.fleetway.runner.database.session.ConnectionSource;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;

/** Always hands out the same open session, whose {@code close()} does nothing. */
final class OneConnection implements ConnectionSource {
  private final TenantConnection shared;

  OneConnection(Connection connection, boolean historyExists, ScriptGuard guard) {
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
                      default -> invoke(method, connection, arguments);
                    });
  }

  private static Object invoke(Method method, Connection connection, Object[] arguments)
      throws Throwable {
    try {
      return method.invoke(connection, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  @Override
  public Connection getConnection() {
    return shared;
  }
}
