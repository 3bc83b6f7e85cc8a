package dev.fleetway.cli.run;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** A bar with percentage, counts and the time it took so far, as one line of text. */
final class Bar {
  private static final int NEVER = Integer.MAX_VALUE;

  private Bar() {}

  /**
   * One line.
   *
   * @param unicode the terminal shows block characters
   */
  static String text(String name, int done, int of, Duration took, int width, boolean unicode) {
    AtomicReference<String> rendered = new AtomicReference<>("");
    new ProgressBarBuilder()
        .setTaskName(name)
        .setInitialMax(of)
        .setStyle(unicode ? ProgressBarStyle.UNICODE_BLOCK : ProgressBarStyle.ASCII)
        .setUpdateIntervalMillis(NEVER)
        .startsFrom(done, took)
        .hideEta()
        .setMaxRenderedLength(width)
        .setConsumer(new DelegatingProgressBarConsumer(rendered::set, width))
        .build()
        // draws it once more, and returns only then
        .close();
    return rendered.get().strip();
  }
}
