package dev.fleetway.bench.tool;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Reads from {@code /proc} what this process's children and the servers have used. Those that have
 * ended count with the process that waited for them: tools with this one, a session with the
 * server. Sessions that are still there are looked for. Where there is no {@code /proc} everything
 * takes 0 seconds.
 */
public final class CpuMeter {
  private static final Set<String> API = Set.of("kube-apiserver", "etcd");
  private static final Path PROC = Path.of("/proc");

  private final Path serverPid;

  /**
   * A meter.
   *
   * @param dataDirectory of PostgreSQL, which notes its process there
   */
  public CpuMeter(Path dataDirectory) {
    this.serverPid = dataDirectory.resolve("postmaster.pid");
  }

  /** Since the start of each of them. */
  public CpuSeconds read() throws IOException {
    ProcessHandle self = ProcessHandle.current();
    long server = Long.parseLong(Files.readAllLines(serverPid).get(0).strip());
    return new CpuSeconds(
        Times.of(self).map(Times::children).orElse(0.0),
        ProcessHandle.of(server).stream()
            .flatMap(postgres -> Stream.concat(Stream.of(postgres), postgres.descendants()))
            .flatMap(process -> Times.of(process).stream())
            .mapToDouble(Times::total)
            .sum(),
        self.descendants()
            .flatMap(process -> Times.of(process).stream())
            .filter(times -> API.contains(times.name()))
            .mapToDouble(Times::total)
            .sum());
  }

  /**
   * Of one process.
   *
   * @param name as it was started
   * @param own seconds
   * @param children seconds of those that it has waited for
   */
  private record Times(String name, double own, double children) {
    private static final double TICKS_PER_SECOND = 100;
    private static final int USER_AND_SYSTEM = 2;
    private static final int OWN = 11;

    /** Empty when it ends while it is read. */
    static Optional<Times> of(ProcessHandle process) {
      try {
        String line = Files.readString(PROC.resolve(process.pid() + "/stat"));
        // The name stands in parentheses, and has whatever characters.
        int end = line.lastIndexOf(')');
        String[] fields = line.substring(end + 2).split(" ", -1);
        return Optional.of(
            new Times(
                line.substring(line.indexOf('(') + 1, end),
                seconds(fields, OWN),
                seconds(fields, OWN + USER_AND_SYSTEM)));
      } catch (IOException e) {
        return Optional.empty();
      }
    }

    private static double seconds(String[] fields, int from) {
      return Arrays.stream(fields, from, from + USER_AND_SYSTEM).mapToLong(Long::parseLong).sum()
          / TICKS_PER_SECOND;
    }

    double total() {
      return own + children;
    }
  }
}
