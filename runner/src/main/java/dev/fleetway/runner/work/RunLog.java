package dev.fleetway.runner.work;

import dev.fleetway.api.pod.Assignment;
import dev.fleetway.runner.database.TenantPlan;
import dev.fleetway.runner.database.TenantReport;
import dev.fleetway.runner.database.TenantResult;
import dev.fleetway.runner.database.Tries;
import dev.fleetway.runner.outcome.Evidence;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/** The pod's log, one line when a tenant starts and one when it ends, with fixed keys. */
final class RunLog {
  private static final Logger LOG = LoggerFactory.getLogger("dev.fleetway.runner.tenant");

  private final Assignment run;

  RunLog(Assignment run) {
    this.run = run;
  }

  void started(Assignment.Member member) {
    line(LOG.atInfo(), member).log("start");
  }

  void retried(Assignment.Member member, Tries.Retry retry) {
    LoggingEventBuilder line =
        line(LOG.atWarn(), member)
            .addKeyValue("try", retry.tries())
            .addKeyValue("nextTryInMillis", retry.delay().toMillis());
    add(line, "reason", retry.failed().reason());
    add(line, "detail", retry.failed().message());
    add(line, "sqlState", retry.failed().sqlState());
    line.log("retry");
  }

  void ended(Assignment.Member member, TenantReport report) {
    if (report instanceof TenantPlan plan) {
      planned(member, plan);
    } else if (report instanceof TenantResult result) {
      migrated(member, result);
    }
  }

  private void planned(Assignment.Member member, TenantPlan plan) {
    LoggingEventBuilder line =
        line(LOG.atInfo(), member)
            .addKeyValue("durationMillis", plan.duration().toMillis())
            .addKeyValue("problems", plan.problems().size());
    add(line, "currentVersion", plan.currentVersion().orElse(null));
    add(line, "pending", plan.pending().map(List::size).orElse(null));
    plan.problems().stream()
        .findFirst()
        .ifPresent(
            first -> {
              add(line, "reason", first.reason());
              add(line, "detail", first.message());
            });
    line.log("planned");
  }

  private void migrated(Assignment.Member member, TenantResult result) {
    LoggingEventBuilder line =
        line(LOG.atInfo(), member)
            .addKeyValue("outcome", result.outcome())
            .addKeyValue("tries", result.tries())
            .addKeyValue("durationMillis", result.duration().toMillis());
    add(line, "reason", result.reason());
    add(line, "detail", result.message());
    add(line, "sqlState", result.sqlState());
    add(line, "failedVersion", result.failedVersion());
    add(line, "fromVersion", result.fromVersion());
    add(line, "toVersion", result.state().map(TenantResult.SchemaState::version).orElse(null));
    line.log("end");
  }

  void takenOver(Assignment.Member member, Evidence.Recorded recorded) {
    LoggingEventBuilder line =
        line(LOG.atInfo(), member).addKeyValue("outcome", recorded.outcome());
    add(line, "reason", recorded.reason());
    line.log("taken over");
  }

  void untouched(Assignment.Member member, Evidence evidence) {
    line(LOG.atInfo(), member).addKeyValue("evidence", evidence).log("untouched");
  }

  void unread(Assignment.Member member, RuntimeException cause) {
    error(member, cause).log("record not read");
  }

  void interrupted(Assignment.Member member) {
    line(LOG.atWarn(), member).log("interrupted");
  }

  void broken(Assignment.Member member, RuntimeException cause) {
    error(member, cause).log("no outcome");
  }

  private LoggingEventBuilder error(Assignment.Member member, RuntimeException cause) {
    return line(LOG.atError(), member)
        .addKeyValue("error", cause.getClass().getSimpleName() + ": " + cause.getMessage());
  }

  private LoggingEventBuilder line(LoggingEventBuilder builder, Assignment.Member member) {
    return builder
        .addKeyValue("namespace", run.namespace())
        .addKeyValue("run", run.run())
        .addKeyValue("cohort", run.cohort())
        .addKeyValue("attempt", run.attempt())
        .addKeyValue("tenant", member.name());
  }

  private static void add(LoggingEventBuilder line, String key, Object value) {
    if (value != null) {
      LoggingEventBuilder unused = line.addKeyValue(key, value);
    }
  }
}
