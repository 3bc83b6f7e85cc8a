package dev.fleetway.cli.tenant.imports;

import dev.fleetway.cli.exit.CommandFailure;
import dev.fleetway.cli.output.Times;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Decrypts passwords with a command of the user's own: what the column holds goes to its stdin, the
 * password comes from its stdout. It sees the tenant's name in {@code FLEETWAY_TENANT}. Never on a
 * command line, never in a message.
 */
final class PasswordCommand {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final String command;
  private final Duration patience;

  PasswordCommand(String command) {
    this(command, PATIENCE);
  }

  /**
   * @param patience for one password: a command that waits for something waits for ever
   */
  PasswordCommand(String command, Duration patience) {
    this.command = command;
    this.patience = patience;
  }

  ImportedTenant decrypt(ImportedTenant tenant) {
    return tenant
        .login()
        .map(login -> tenant.withPassword(decrypt(tenant, login.password())))
        .orElse(tenant);
  }

  private String decrypt(ImportedTenant tenant, String encrypted) {
    try {
      return ask(tenant, encrypted);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failed(tenant, "was interrupted");
    }
  }

  private String ask(ImportedTenant tenant, String encrypted)
      throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder("sh", "-c", command)
            // It may print a password there.
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().put("FLEETWAY_TENANT", tenant.name());
    Process process = builder.start();
    try (OutputStream in = process.getOutputStream()) {
      in.write(encrypted.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      // It did not want to read; its exit code says whether that was right.
    }
    AtomicBoolean late = new AtomicBoolean();
    CompletableFuture<Void> limit =
        CompletableFuture.runAsync(
            () -> {
              late.set(true);
              kill(process);
            },
            CompletableFuture.delayedExecutor(patience.toMillis(), TimeUnit.MILLISECONDS));
    String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int code = process.waitFor();
    limit.cancel(false);
    if (late.get()) {
      throw failed(tenant, "did not end within " + Times.duration(patience));
    }
    if (code != 0) {
      throw failed(tenant, "ended with " + code);
    }
    String password = answer.replaceFirst("\r?\n$", "");
    if (password.isEmpty() || password.contains("\n")) {
      throw failed(tenant, "must print the password on one line");
    }
    return password;
  }

  /** With what it started: a shell's end alone would leave them, and the stream open. */
  private static void kill(Process process) {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  private static CommandFailure failed(ImportedTenant tenant, String what) {
    return CommandFailure.usage(
        "the password command %s for tenant %s (%s); try it by hand: the encrypted password goes to its stdin. Nothing was written"
            .formatted(what, tenant.name(), tenant.place()));
  }
}
