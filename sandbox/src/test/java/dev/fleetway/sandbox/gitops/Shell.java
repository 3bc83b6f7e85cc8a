package dev.fleetway.sandbox.gitops;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A shell in the root of the project, with kubectl and a kubeconfig.
 *
 * @param kubectl directory of kubectl
 */
record Shell(Path kubectl, Path kubeconfig, Path home) {
  static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final long PATIENCE_SECONDS = 120;

  /**
   * What a script said.
   *
   * @param code its exit code
   * @param output standard output and error
   */
  record Answer(int code, String output) {}

  /** The same with another login. */
  Shell as(Path otherKubeconfig) {
    return new Shell(kubectl, otherKubeconfig, home);
  }

  Answer run(String script) throws IOException, InterruptedException {
    Path out = Files.createTempFile(home, "shell", ".log");
    ProcessBuilder builder =
        new ProcessBuilder(List.of("bash", "-c", script))
            .directory(ROOT.toFile())
            .redirectErrorStream(true)
            .redirectOutput(out.toFile());
    builder.environment().put("KUBECONFIG", kubeconfig.toString());
    builder.environment().put("HOME", home.toString());
    builder.environment().merge("PATH", kubectl.toString(), (path, own) -> own + ":" + path);
    Process process = builder.start();
    process.getOutputStream().close();
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IllegalStateException("it does not end: " + script);
    }
    return new Answer(process.exitValue(), Files.readString(out, StandardCharsets.UTF_8));
  }
}
