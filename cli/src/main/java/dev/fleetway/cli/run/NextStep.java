package dev.fleetway.cli.run;

import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.FailureGroup;
import dev.fleetway.api.v1alpha1.TenantMigrationRunStatus.Phase;
import dev.fleetway.api.v1alpha1.TenantReason;
import java.util.Objects;

/** The next command to type, with nothing left to look up. Pure. */
final class NextStep {
  private NextStep() {}

  /** For a group of failed tenants of this run. */
  static String after(FailureGroup group, String run, Phase phase) {
    String version = Objects.requireNonNullElse(group.failedVersion(), "VERSION");
    TenantReason reason = Objects.requireNonNullElse(group.reason(), TenantReason.Unrecognized);
    return switch (reason) {
      case LockTimeout -> again(run, phase, "execution.lockTimeout=30s");
      case TenantTimeout -> again(run, phase, "execution.tenantTimeout=10m");
      case TooManyConnections -> again(run, phase, "execution.concurrency=1");
      case IncompatibleCodeVersion -> again(run, phase, "compatibility.codeVersion=VERSION");
      case ChecksumMismatch -> "fleetway run NEW --bundle DIR --realign-checksums " + version;
      case HistoryMissing -> "fleetway run NEW --bundle DIR --baseline-version VERSION";
      case OutOfOrder -> "fleetway run NEW --bundle DIR --out-of-order";
      case MissingScript -> "fleetway run NEW --bundle DIR";
      case RunnerLost, RunnerError, Interrupted ->
          "kubectl logs -l fleetway.dev/run=" + run + " --tail=50";
      case SecretMissing, AuthenticationFailed ->
          "kubectl get tn "
              + group.example()
              + " -o jsonpath='{.spec.database.credentialsSecretRef}'";
      case ConnectionRefused,
          ConnectionTimeout,
          HostUnknown,
          TlsFailed,
          PoolerNotSupported,
          ReadOnlyServer,
          DatabaseMissing,
          SchemaMissing,
          InvalidTarget,
          DuplicateTarget ->
          "kubectl get tn " + group.example() + " -o jsonpath='{.spec.database}'";
      default -> "kubectl get tn " + group.example() + " -o jsonpath='{.status.lastRun}'";
    };
  }

  private static String again(String run, Phase phase, String setting) {
    boolean attempt = phase == Phase.CompletedWithFailures || phase == Phase.Aborted;
    return again(run, phase) + (attempt ? " --set " + setting : "");
  }

  /** How the run goes on once the causes are gone. */
  static String again(String run, Phase phase) {
    return switch (phase) {
      case CompletedWithFailures -> "fleetway retry " + run;
      case Aborted -> "fleetway resume " + run;
      // it looked once, and has no next attempt
      case Planned -> "fleetway run NEW --bundle DIR --plan --wait";
      default -> "fleetway wait " + run;
    };
  }
}
