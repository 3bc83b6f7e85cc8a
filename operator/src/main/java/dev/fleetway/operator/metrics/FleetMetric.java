package dev.fleetway.operator.metrics;

import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The metrics of Fleetway itself: the single source of their names, labels and meanings. */
public enum FleetMetric {
  RUN_PHASE(
      Kind.GAUGE,
      "fleetway.run.phase",
      "1 for the phase that a run is in. Of finished runs the newest 20 of a namespace.",
      "namespace",
      "run",
      "mode",
      "phase"),
  RUN_STALLED(
      Kind.GAUGE,
      "fleetway.run.stalled",
      "1 while a run has ended and needs somebody (its condition Stalled is True).",
      "namespace",
      "run",
      "reason"),
  RUN_BLOCKED(
      Kind.GAUGE,
      "fleetway.run.blocked",
      "1 while something keeps a run from its work, such as an image that cannot be pulled.",
      "namespace",
      "run",
      "reason"),
  RUN_TENANTS(
      Kind.GAUGE,
      "fleetway.run.tenants",
      "Tenants of a run's plan by where they stand: the fields of status.totals.",
      "namespace",
      "run",
      "state"),
  RUN_COHORTS(Kind.GAUGE, "fleetway.run.cohorts", "Cohorts of a run's plan.", "namespace", "run"),
  RUN_COHORTS_CLOSED(
      Kind.GAUGE,
      "fleetway.run.cohorts.closed",
      "Cohorts that closed with all before them.",
      "namespace",
      "run"),
  RUN_COHORT_START(
      Kind.SECONDS,
      "fleetway.run.cohort.start.timestamp",
      "When the cohort at work began (Unix time). Absent between cohorts.",
      "namespace",
      "run"),
  RUN_LAST_COHORT_DURATION(
      Kind.SECONDS,
      "fleetway.run.last.cohort.duration",
      "How long the cohort took that ended last.",
      "namespace",
      "run"),
  RUN_REMAINING(
      Kind.SECONDS,
      "fleetway.run.remaining",
      "status.estimatedDuration. Absent while nothing is known to estimate from.",
      "namespace",
      "run"),
  RUN_START(
      Kind.SECONDS,
      "fleetway.run.start.timestamp",
      "When the run was first looked at (Unix time).",
      "namespace",
      "run"),
  RUN_COMPLETION(
      Kind.SECONDS,
      "fleetway.run.completion.timestamp",
      "When the run ended (Unix time). Absent while it goes on.",
      "namespace",
      "run"),
  RUNS(Kind.GAUGE, "fleetway.runs", "All runs, finished ones too.", "namespace", "phase"),
  TENANTS(
      Kind.GAUGE,
      "fleetway.tenants",
      "Tenants by the outcome and the reason of their last run; None: no run has reached them.",
      "namespace",
      "outcome",
      "reason"),
  TENANTS_ACCESS(
      Kind.GAUGE,
      "fleetway.tenants.access",
      "Tenants by what applications may do with them now (status.access).",
      "namespace",
      "access"),
  TENANTS_DRIFTED(
      Kind.GAUGE,
      "fleetway.tenants.drifted",
      "Tenants, suspended ones aside, that are not where the newest run that selects them wants them."
          + " behind: below its head version; unseen: of no known version; failed: at head, but their last"
          + " run failed.",
      "namespace",
      "cause"),
  SERVER_CONCURRENCY(
      Kind.GAUGE,
      "fleetway.server.concurrency",
      "Tenants that may be in work on a database server now, which is sessions of runners there: open"
          + " tenants of the cohorts at work, up to concurrency and maxConcurrencyPerServer. The busiest 50"
          + " servers of a namespace, the rest as other.",
      "namespace",
      "server"),
  LEADER(Kind.GAUGE, "fleetway.leader", "1 in the process that leads, 0 in one that stands by."),
  TENANT_OUTCOMES(
      Kind.COUNTER,
      "fleetway.tenant.outcomes",
      "Outcomes of tenants, counted as their cohort comes to its end.",
      "namespace",
      "outcome",
      "reason"),
  TENANT_DURATION(
      Kind.HISTOGRAM,
      "fleetway.tenant.duration",
      "Time that the runner spent on a tenant, counted as its cohort comes to its end.",
      "namespace",
      "outcome"),
  COHORT_DURATION(
      Kind.HISTOGRAM,
      "fleetway.cohort.duration",
      "Time from the start of a cohort, its gate included, to its end.",
      "namespace",
      "state"),
  RUNS_ENDED(
      Kind.COUNTER,
      "fleetway.runs.ended",
      "Runs that came to an end; one that is resumed and ends again counts again.",
      "namespace",
      "phase",
      "reason");

  /** What Prometheus calls it, and the suffix that this adds to the name. */
  public enum Kind {
    GAUGE(""),
    SECONDS("_seconds"),
    COUNTER("_total"),
    HISTOGRAM("_seconds");

    private final String suffix;

    Kind(String suffix) {
      this.suffix = suffix;
    }
  }

  private final Kind kind;
  private final String meter;
  private final String meaning;
  private final String labels;

  FleetMetric(Kind kind, String meter, String meaning, String... labels) {
    this.kind = kind;
    this.meter = meter;
    this.meaning = meaning;
    this.labels = String.join(" ", labels);
  }

  /** The name in Micrometer's way. */
  String meter() {
    return meter;
  }

  Kind kind() {
    return kind;
  }

  /** The name as Prometheus shows it. */
  public String exposedName() {
    return meter.replace('.', '_') + kind.suffix;
  }

  /** The type as Prometheus shows it. */
  public String exposedType() {
    return kind == Kind.SECONDS ? "gauge" : kind.name().toLowerCase(Locale.ROOT);
  }

  /** What it tells, for people. */
  public String meaning() {
    return meaning;
  }

  public List<String> labels() {
    return labels.isEmpty() ? List.of() : List.of(labels.split(" ", -1));
  }

  /** A value for each label, in their order. */
  Tags tags(Object... values) {
    List<String> names = labels();
    if (values.length != names.size()) {
      throw new IllegalArgumentException(
          "%s has the labels %s, not %d".formatted(meter, names, values.length));
    }
    List<String> tags = new ArrayList<>();
    for (int i = 0; i < values.length; i++) {
      tags.add(names.get(i));
      tags.add(values[i].toString());
    }
    return Tags.of(tags.toArray(String[]::new));
  }
}
