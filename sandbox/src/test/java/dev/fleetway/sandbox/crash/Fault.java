package dev.fleetway.sandbox.crash;

import java.util.List;

/** What can go wrong at one write, between an operator and its API server. */
enum Fault {
  /** The API server never hears of it. */
  KILLED_BEFORE("killed just before", true),
  /** The API server does it, and nobody is left to do the next thing. */
  KILLED_AFTER("killed just after", true),
  /** The API server says that somebody else was faster. */
  CONFLICT("409 instead of", false),
  /** The API server does it, and the connection breaks before it can say so. */
  ANSWER_LOST("no answer to", false),
  /** The API server has no room, and asks for a second of patience. */
  TOO_MANY_REQUESTS("429 instead of", false),
  /** The API server has a trouble of its own. */
  SERVER_ERROR("500 instead of", false),
  /** From this write on all watches of the operator are seconds late, its reads are not. */
  WATCH_LAGS("watches lag from", false);

  static final List<Fault> KILLS = List.of(KILLED_BEFORE, KILLED_AFTER);
  static final List<Fault> MISHAPS =
      List.of(CONFLICT, ANSWER_LOST, TOO_MANY_REQUESTS, SERVER_ERROR, WATCH_LAGS);

  private final String text;
  private final boolean deadly;

  Fault(String text, boolean deadly) {
    this.text = text;
    this.deadly = deadly;
  }

  /** Does the process end here? */
  boolean isDeadly() {
    return deadly;
  }

  @Override
  public String toString() {
    return text;
  }
}
