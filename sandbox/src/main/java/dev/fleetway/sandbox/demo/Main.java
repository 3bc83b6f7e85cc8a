package dev.fleetway.sandbox.demo;

import dev.fleetway.sandbox.Sandbox;
import dev.fleetway.sandbox.SandboxSettings;
import dev.fleetway.sandbox.api.ApiEndpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.apache.commons.io.FileUtils;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./sandbox/run}. Exit code 0 says that every database was checked by SQL; 2 is usage. */
@Command(
    name = "sandbox/run",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    usageHelpAutoWidth = true,
    description = {
      "Migrates a fleet of demo tenants on this machine, cohort by cohort: real operator, real runner"
          + " processes, real PostgreSQL. One cohort fails, is repaired and resumed; at the end every"
          + " database is checked by SQL, and the exit code says so.",
      ""
    })
public final class Main implements Callable<Integer> {
  private static final int MOST_TENANTS = 2000;
  private static final int MOST_PER_COHORT = 1000;
  private static final int USUAL_FAILURES = 4;
  private static final int INTERRUPTED = 130;
  private static final String PROGRAMS = "KUBE_API_TEST_DIR";

  @Option(
      names = "--tenants",
      paramLabel = "N",
      defaultValue = "60",
      description = "Number of tenants, 1 to 2000. Default: ${DEFAULT-VALUE}.")
  private int tenants;

  @Option(
      names = "--cohort-sizes",
      paramLabel = "N",
      split = ",",
      defaultValue = "5,15,20",
      description = "Tenants per cohort; the last one repeats. Default: ${DEFAULT-VALUE}.")
  private List<Integer> cohortSizes;

  @Option(
      names = "--fail",
      paramLabel = "N",
      description =
          "Tenants of the third cohort that fail at first; 0 for none. Default: 4, or 0 with --bundle"
              + " or --manifest.")
  private Integer failing;

  @Option(
      names = "--bundle",
      paramLabel = "DIR",
      description =
          "Flyway SQL scripts of yours instead of the sample. With --fail, wrong passwords are what"
              + " fails.")
  private Path bundle;

  @Option(
      names = "--manifest",
      paramLabel = "FILE",
      description =
          "A TenantMigrationRun of yours; the scripts are in the ConfigMap " + Demo.BUNDLE + ".")
  private Path manifest;

  @Option(names = "--serve", description = "Stay up afterwards, for kubectl. Ctrl-C ends it.")
  private boolean serve;

  @Option(
      names = "--api-server",
      description =
          "A real kube-apiserver with etcd from the directory in KUBE_API_TEST_DIR instead of the"
              + " embedded API. The default where that is set.")
  private boolean apiServer;

  @Spec private CommandSpec spec;

  private Sandbox sandbox;
  private volatile boolean stopping;

  /** The entrance. */
  public static void main(String[] arguments) {
    Main main = new Main();
    Runtime.getRuntime().addShutdownHook(new Thread(main::stop, "sandbox-stop"));
    int code =
        new CommandLine(main)
            .setExecutionExceptionHandler(
                (e, commandLine, result) -> {
                  if (main.stopping) {
                    return INTERRUPTED;
                  }
                  System.err.println("sandbox: " + e.getMessage());
                  System.err.println("sandbox: the log is " + System.getProperty("fleetway.log"));
                  return 1;
                })
            .execute(arguments);
    main.stop();
    System.exit(code);
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    DemoOptions options = options();
    Supplier<ApiEndpoint> api = api();
    Screen screen =
        new Screen(System.out, Boolean.getBoolean("fleetway.terminal"), Clock.systemUTC());
    Path home = Path.of(System.getProperty("fleetway.home", ".")).toAbsolutePath().normalize();
    screen.step("Starting PostgreSQL, API server, operator and Job executor on this machine");
    start(SandboxSettings.of(home, "run-" + ProcessHandle.current().pid(), api));
    screen.line("PostgreSQL " + sandbox.postgres().version() + ", " + sandbox.api().description());
    boolean good = false;
    try {
      good = new Demo(sandbox, options, screen).play();
    } finally {
      if (good) {
        FileUtils.deleteDirectory(sandbox.logs().toFile());
      } else {
        screen.line("logs of the pods: " + sandbox.logs());
      }
    }
    if (serve) {
      invite(screen);
      new CountDownLatch(1).await();
    }
    screen.step(good ? "Done." : "Not done: see above.");
    return good ? 0 : 1;
  }

  private DemoOptions options() {
    check(tenants >= 1 && tenants <= MOST_TENANTS, "--tenants must be 1 to " + MOST_TENANTS);
    check(
        cohortSizes.stream().allMatch(size -> size >= 1 && size <= MOST_PER_COHORT),
        "--cohort-sizes must be 1 to " + MOST_PER_COHORT + " each");
    check(failing == null || failing >= 0, "--fail must not be negative");
    check(bundle == null || Files.isDirectory(bundle), "--bundle is no directory: " + bundle);
    check(manifest == null || Files.isReadable(manifest), "--manifest is no file: " + manifest);
    boolean own = bundle != null || manifest != null;
    int failures = failing != null ? failing : own ? 0 : USUAL_FAILURES;
    return new DemoOptions(
        tenants, cohortSizes, failures, Optional.ofNullable(bundle), Optional.ofNullable(manifest));
  }

  private void check(boolean fine, String message) {
    if (!fine) {
      throw new ParameterException(spec.commandLine(), message);
    }
  }

  private Supplier<ApiEndpoint> api() {
    String programs = System.getenv().getOrDefault(PROGRAMS, "");
    check(!apiServer || !programs.isEmpty(), "--api-server needs " + PROGRAMS);
    return programs.isEmpty() ? ApiEndpoint::embedded : () -> ApiEndpoint.real(Path.of(programs));
  }

  private synchronized void start(SandboxSettings settings) {
    sandbox = Sandbox.start(settings);
  }

  /** After a Ctrl-C or at the end, whichever comes first. */
  private void stop() {
    stopping = true;
    close();
  }

  private synchronized void close() {
    if (sandbox != null) {
      sandbox.close();
      sandbox = null;
    }
  }

  private void invite(Screen screen) {
    screen.step("Yours now; Ctrl-C stops everything. In another terminal:");
    for (String command :
        List.of(
            "export KUBECONFIG=" + sandbox.kubeconfig(),
            "kubectl get tmr,tn",
            "kubectl get tn --field-selector status.lastRun.outcome=AlreadyCurrent -o wide",
            "kubectl describe tmr today",
            "sed 's/name: today/name: again/' "
                + sandbox.kubeconfig().resolveSibling("today.yaml")
                + " | kubectl apply -f -",
            "kubectl wait --for=condition=Finished tmr/again --timeout=2m")) {
      screen.command(command);
    }
  }
}
