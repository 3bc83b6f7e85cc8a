package dev.fleetway.sandbox.demo;

import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.Cohort;
import dev.fleetway.api.v1alpha1.TenantStatus.LastRun;
import dev.fleetway.api.v1alpha1.TenantStatus.Outcome;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Cohorts as they go by. Calls come one at a time. */
interface Progress extends AutoCloseable {

  void cohortStarted(int number, int of, int size, int alreadyDone);

  void tenantEnded(String tenant, LastRun outcome);

  void cohortEnded(Cohort cohort, int of);

  @Override
  void close();

  static Progress on(Screen screen) {
    return screen.isTerminal() ? new Bars(screen) : new Lines(screen);
  }

  private static String summary(Cohort cohort, int of) {
    StringBuilder text =
        new StringBuilder("cohort ")
            .append(cohort.number())
            .append('/')
            .append(of)
            .append(' ')
            .append(cohort.state().name().toLowerCase(Locale.ROOT))
            .append(": ")
            .append(cohort.succeeded())
            .append(" migrated");
    append(text, cohort.alreadyCurrent(), " already current");
    append(text, cohort.failed(), " failed");
    append(text, cohort.skipped(), " not started");
    return text.toString();
  }

  private static void append(StringBuilder text, int count, String what) {
    if (count > 0) {
      text.append(", ").append(count).append(what);
    }
  }

  private static void tell(Screen screen, Cohort cohort, int of) {
    if (cohort.failed() > 0) {
      screen.bad(summary(cohort, of));
    } else {
      screen.good(summary(cohort, of));
    }
  }

  /** A line per event, for logs. */
  final class Lines implements Progress {
    private final Screen screen;

    private Lines(Screen screen) {
      this.screen = screen;
    }

    @Override
    public void cohortStarted(int number, int of, int size, int alreadyDone) {
      screen.line(
          "cohort "
              + number
              + "/"
              + of
              + " started: "
              + (size - alreadyDone)
              + " tenants"
              + (alreadyDone > 0 ? ", " + alreadyDone + " done before" : ""));
    }

    @Override
    public void tenantEnded(String tenant, LastRun outcome) {
      if (outcome.outcome() == Outcome.Failed) {
        screen.bad(tenant + " failed: " + outcome.reason());
      }
    }

    @Override
    public void cohortEnded(Cohort cohort, int of) {
      tell(screen, cohort, of);
    }

    @Override
    public void close() {
      // nothing is open
    }
  }

  /** A bar that moves, for terminals. */
  final class Bars implements Progress {
    private static final int REFRESH_MILLIS = 100;
    private static final int WIDTH = 90;

    private final Screen screen;
    private ProgressBar bar;
    private int failed;

    private Bars(Screen screen) {
      this.screen = screen;
    }

    @Override
    public void cohortStarted(int number, int of, int size, int alreadyDone) {
      close();
      failed = 0;
      bar =
          new ProgressBarBuilder()
              .setTaskName("       cohort " + number + "/" + of)
              .setInitialMax(size)
              .startsFrom(alreadyDone, Duration.ZERO)
              .setStyle(ProgressBarStyle.COLORFUL_UNICODE_BLOCK)
              .setUpdateIntervalMillis(REFRESH_MILLIS)
              .setMaxRenderedLength(WIDTH)
              .hideEta()
              .clearDisplayOnFinish()
              .setConsumer(new Unended(screen.stream()))
              .build();
    }

    @Override
    public void tenantEnded(String tenant, LastRun outcome) {
      if (bar != null) {
        bar.step();
        if (outcome.outcome() == Outcome.Failed) {
          failed++;
          bar.setExtraMessage(" " + failed + " failed");
        }
      }
    }

    @Override
    public void cohortEnded(Cohort cohort, int of) {
      close();
      tell(screen, cohort, of);
    }

    @Override
    public void close() {
      if (bar != null) {
        bar.close();
        bar = null;
      }
    }
  }

  /** The library ends a bar with a new line; ours is cleared and leaves nothing. */
  final class Unended extends ConsoleProgressBarConsumer {
    private final PrintStream out;

    private Unended(PrintStream out) {
      super(out, Bars.WIDTH);
      this.out = out;
    }

    @Override
    public void close() {
      out.flush();
    }
  }
}
