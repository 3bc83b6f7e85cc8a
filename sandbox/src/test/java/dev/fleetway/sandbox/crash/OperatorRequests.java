package dev.fleetway.sandbox.crash;

import dev.fleetway.sandbox.crash.Crash.Moment;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * All requests of one operator, up to its death. A process is dead, as far as an API server can
 * tell, when no further request comes: so the answer to the last write may well arrive.
 */
final class OperatorRequests implements Interceptor {
  private static final int CREATED = 201;

  private final Optional<Crash> crash;
  private final List<Write> writes = new ArrayList<>();
  private final List<String> created = new ArrayList<>();
  private final Map<String, Integer> occurrences = new HashMap<>();
  private final CompletableFuture<Void> death = new CompletableFuture<>();
  private boolean dying;
  private URI lastWrite;

  OperatorRequests(Optional<Crash> crash) {
    this.crash = crash;
  }

  @Override
  public synchronized void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
    if (dying) {
      throw new IllegalStateException("the operator is dead");
    }
    Write.named(request).ifPresent(what -> onWrite(what, request));
  }

  private void onWrite(String what, HttpRequest request) {
    Write write = new Write(what, occurrences.merge(what, 1, Integer::sum));
    if (crash.isEmpty() || !crash.get().write().equals(write)) {
      writes.add(write);
      return;
    }
    dying = true;
    if (crash.get().moment() == Moment.JUST_BEFORE) {
      death.complete(null);
      throw new IllegalStateException("the operator dies before " + write);
    }
    lastWrite = request.uri();
  }

  @Override
  public synchronized void after(
      HttpRequest request,
      HttpResponse<?> response,
      AsyncBody.Consumer<List<ByteBuffer>> consumer) {
    Write.named(request)
        .ifPresent(
            what -> {
              if (response.code() == CREATED) {
                created.add(what);
              }
              if (request.uri().equals(lastWrite)) {
                death.complete(null);
              }
            });
  }

  /** Completes when the operator has died; never without a crash. */
  CompletableFuture<Void> death() {
    return death;
  }

  synchronized List<Write> writes() {
    return List.copyOf(writes);
  }

  /** The objects that were created, each as often as the API server said so. */
  synchronized List<String> created() {
    return List.copyOf(created);
  }
}
