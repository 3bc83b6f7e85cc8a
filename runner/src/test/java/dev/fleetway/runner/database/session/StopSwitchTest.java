package dev.fleetway.runner.database.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;

class StopSwitchTest {
  @Test
  void aServerThatAnswersNoCancelLosesItsConnectionSoon() throws InterruptedException {
    CountDownLatch cut = new CountDownLatch(1);
    PGConnection driver =
        proxy(
            PGConnection.class,
            method -> {
              sleep(2_000);
              return null;
            });
    Connection connection =
        proxy(
            Connection.class,
            method -> {
              if (!method.equals("abort")) {
                return driver;
              }
              cut.countDown();
              return null;
            });
    ScheduledExecutorService timer = Executors.newScheduledThreadPool(1);
    try {
      StopSwitch stop = new StopSwitch(timer);
      stop.attach(connection);

      stop.stop(StopSwitch.Cause.TIMEOUT);

      assertThat(cut.await(12, TimeUnit.SECONDS)).isTrue();
      stop.close();
    } finally {
      timer.shutdownNow();
    }
  }

  private interface Answer {
    Object to(String method);
  }

  private static <T> T proxy(Class<T> type, Answer answer) {
    return type.cast(
        Proxy.newProxyInstance(
            StopSwitchTest.class.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> answer.to(method.getName())));
  }

  private static void sleep(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
