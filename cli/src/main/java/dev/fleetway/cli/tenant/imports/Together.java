package dev.fleetway.cli.tenant.imports;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;

/** Asks the API server for many things, several at a time: it answers in milliseconds, but each. */
final class Together {
  private static final int AT_A_TIME = 8;

  private Together() {}

  /** The answers in the order of the questions, or the first failure in that order. */
  static <T, R> List<R> map(List<T> questions, Function<T, R> ask) {
    ExecutorService workers = Executors.newFixedThreadPool(AT_A_TIME);
    try {
      List<Future<R>> asked = new ArrayList<>();
      for (T question : questions) {
        asked.add(workers.submit(() -> ask.apply(question)));
      }
      List<R> answers = new ArrayList<>();
      for (Future<R> future : asked) {
        answers.add(answer(future));
      }
      return List.copyOf(answers);
    } finally {
      // After a failure nothing new starts.
      workers.shutdownNow();
    }
  }

  private static <R> R answer(Future<R> future) {
    try {
      return future.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the cluster was asked", e);
    }
  }
}
