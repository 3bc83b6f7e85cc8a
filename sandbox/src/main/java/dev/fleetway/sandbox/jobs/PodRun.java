package dev.fleetway.sandbox.jobs;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.PodResource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.apache.commons.io.FileUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One pod from its creation to its end: the kubelet's part. State changes on the deciding thread
 * only, and each tells the Job.
 */
final class PodRun {
  private static final Logger LOG = LoggerFactory.getLogger(PodRun.class);
  private static final Duration MOUNT_RETRY = Duration.ofSeconds(1);

  /** A kubelet takes about a minute. */
  private static final Duration BETWEEN_REFRESHES = Duration.ofSeconds(5);

  private static final long DEFAULT_GRACE_SECONDS = 30;

  private final LocalJobsSettings settings;
  private final KubernetesClient client;
  private final Clock clock;
  private final Loop loop;
  private final EventWriter events;
  private final Runnable changed;
  private final Pod pod;
  private final Path directory;
  private final PodStatusFactory statuses;

  private PodStatus status = new PodStatus();
  private PodProcess process;
  private boolean ended;
  private boolean ending;
  private boolean mountTrouble;

  PodRun(
      LocalJobsSettings settings,
      KubernetesClient client,
      Clock clock,
      Loop loop,
      Pod created,
      Runnable changed) {
    this.settings = settings;
    this.client = client;
    this.clock = clock;
    this.loop = loop;
    this.events = new EventWriter(client, clock);
    this.changed = changed;
    this.pod = created;
    this.directory = settings.directory().resolve(created.getMetadata().getName());
    this.statuses = new PodStatusFactory(created, now());
  }

  private String now() {
    return clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
  }

  Pod pod() {
    return pod;
  }

  String name() {
    return pod.getMetadata().getName();
  }

  String uid() {
    return pod.getMetadata().getUid();
  }

  boolean hasEnded() {
    return ended;
  }

  boolean isReady() {
    return !ended && process != null;
  }

  boolean succeeded() {
    return "Succeeded".equals(status.getPhase());
  }

  PodStatus status() {
    return status;
  }

  void start() {
    Container container = pod.getSpec().getContainers().get(0);
    var initContainers = pod.getSpec().getInitContainers();
    String foreign =
        initContainers != null && !initContainers.isEmpty()
            ? initContainers.get(0).getImage()
            : container.getImage();
    if (!foreign.equals(settings.runnerImage())) {
      String message =
          "Back-off pulling image \""
              + foreign
              + "\": the sandbox has no container runtime, it runs only "
              + settings.runnerImage();
      report(statuses.waiting("ImagePullBackOff", message));
      loop.inBackground(() -> events.warn(pod, "kubelet", "Failed", message));
      return;
    }
    report(statuses.waiting("ContainerCreating", null));
    loop.inBackground(() -> mountAndStart(container));
  }

  private void mountAndStart(Container container) {
    PodFiles files = new PodFiles(directory.resolve("root"), client, pod);
    try {
      FileUtils.deleteDirectory(directory.toFile());
      Files.createDirectories(settings.logs());
      files.mount(container);
      PodProcess started = PodProcess.start(settings, container, files, directory, log());
      loop.decide(() -> onStarted(started));
      refreshLater(files, container);
    } catch (PodFiles.MountException e) {
      loop.decide(() -> onMountTrouble(container, e.getMessage()));
    } catch (IOException e) {
      LOG.warn("pod {} cannot be set up", name(), e);
      loop.decide(() -> onMountTrouble(container, "the sandbox cannot write its files"));
    }
  }

  private void refreshLater(PodFiles files, Container container) {
    loop.decideAfter(
        BETWEEN_REFRESHES,
        () -> {
          if (!ended) {
            loop.inBackground(
                () -> {
                  refresh(files, container);
                  refreshLater(files, container);
                });
          }
        });
  }

  private void refresh(PodFiles files, Container container) {
    try {
      files.refresh(container);
    } catch (PodFiles.MountException | IOException e) {
      // The old files stay; or the pod ends just now, and its files go.
      LOG.debug("the volumes of pod {} were not refreshed: {}", name(), e.getMessage());
    }
  }

  private Path log() {
    return settings.logs().resolve(name() + ".log");
  }

  private void onMountTrouble(Container container, String message) {
    if (!mountTrouble) {
      loop.inBackground(() -> events.warn(pod, "kubelet", "FailedMount", message));
    }
    mountTrouble = true;
    if (!ended && !ending) {
      loop.decideAfter(
          MOUNT_RETRY,
          () -> {
            if (!ended && !ending) {
              loop.inBackground(() -> mountAndStart(container));
            }
          });
    }
  }

  private void onStarted(PodProcess started) {
    String startedAt = now();
    process = started;
    if (ended || ending) {
      started.kill();
    } else {
      report(statuses.running(startedAt));
    }
    var unused = started.exitCode().thenAccept(code -> loop.decide(() -> onExit(code, startedAt)));
  }

  private void onExit(int code, String startedAt) {
    if (!ended) {
      end(statuses.terminated(code, process.terminationMessage(), startedAt, now()));
    }
  }

  private void end(PodStatus last) {
    ended = true;
    report(last);
    if (ending) {
      removeObject();
    }
    loop.inBackground(() -> FileUtils.deleteQuietly(directory.toFile()));
  }

  /** Somebody asked for the pod's deletion: end the process in time, then let the object go. */
  void onDeletion(Pod deleted) {
    if (ending) {
      return;
    }
    ending = true;
    Long asked = deleted.getMetadata().getDeletionGracePeriodSeconds();
    if (ended) {
      removeObject();
    } else if (process == null) {
      end(new PodStatusBuilder().withPhase("Failed").build());
    } else {
      process.terminate(asked == null ? DEFAULT_GRACE_SECONDS : asked);
    }
  }

  /** The object is gone: nothing may run on its behalf. */
  void onGone() {
    ending = true;
    if (process != null) {
      process.kill();
    } else if (!ended) {
      ended = true;
      status = new PodStatusBuilder().withPhase("Failed").build();
      changed.run();
    }
  }

  void kill() {
    if (process != null) {
      process.kill();
    }
  }

  /** Asks the API server to delete the pod; what follows comes back as an event. */
  void requestDeletion() {
    loop.inBackground(() -> quietly(() -> handle().delete()));
  }

  private void removeObject() {
    loop.inBackground(() -> quietly(() -> handle().withGracePeriod(0).delete()));
  }

  private PodResource handle() {
    return client.pods().inNamespace(pod.getMetadata().getNamespace()).withName(name());
  }

  private void report(PodStatus next) {
    status = next;
    quietly(
        () ->
            client
                .resource(
                    new PodBuilder(pod)
                        .editMetadata()
                        .withResourceVersion(null)
                        .endMetadata()
                        .withStatus(next)
                        .build())
                .updateStatus());
    changed.run();
  }

  private void quietly(Runnable request) {
    try {
      request.run();
    } catch (KubernetesClientException e) {
      LOG.debug("pod {}: {}", name(), e.getMessage());
    }
  }
}
