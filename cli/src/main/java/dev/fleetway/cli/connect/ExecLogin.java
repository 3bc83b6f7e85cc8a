package dev.fleetway.cli.connect;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fleetway.cli.exit.CommandFailure;
import dev.fleetway.cli.output.Terminals;
import dev.fleetway.cli.output.Times;
import io.fabric8.kubernetes.api.model.ExecConfig;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.OAuthTokenProvider;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The login that a program of the kubeconfig prints, a credential plugin. It is asked again when
 * the login ends; what it says on stderr is for the person in front of it.
 */
final class ExecLogin implements OAuthTokenProvider {
  private static final Duration UNLESS_SAID = Duration.ofMinutes(1);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final ExecConfig exec;
  private JsonNode login;
  private Instant end;

  /** A client certificate with its key, as PEM. */
  record Certificate(String certificate, String key) {
    /** As the client has it: encoded. */
    void writeTo(Config client) {
      client.setOauthTokenProvider(null);
      client.setClientCertData(certificate);
      client.setClientKeyData(key);
    }

    @Override
    public String toString() {
      return "Certificate[…]";
    }
  }

  ExecLogin(ExecConfig exec) {
    this.exec = exec;
  }

  /** Null where the program prints a certificate. */
  @Override
  public String getToken() {
    JsonNode token = login().path("token");
    return token.isTextual() ? Token.checked(token.textValue(), exec.getCommand()) : null;
  }

  /** Empty where the program prints a token. */
  Optional<Certificate> certificate() {
    JsonNode printed = login();
    return printed.path("token").isTextual()
        ? Optional.empty()
        : Optional.of(
            new Certificate(
                printed.path("clientCertificateData").asText(),
                printed.path("clientKeyData").asText()));
  }

  private synchronized JsonNode login() {
    if (login == null || !Instant.now().isBefore(end)) {
      login = ask();
      end =
          Times.parse(login.path("expirationTimestamp").textValue())
              .orElseGet(() -> Instant.now().plus(UNLESS_SAID));
    }
    return login;
  }

  private JsonNode ask() {
    try {
      Process process = builder().start();
      String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int code = process.waitFor();
      if (code != 0) {
        throw failed("ended with " + code + ": log in again", null);
      }
      JsonNode status = JSON.readTree(printed).path("status");
      if (!status.path("token").isTextual() && !status.path("clientKeyData").isTextual()) {
        throw failed("printed no login: try it by hand", null);
      }
      return status;
    } catch (JsonProcessingException e) {
      throw failed("printed no login: try it by hand", null);
    } catch (IOException e) {
      String hint = exec.getInstallHint();
      throw failed("cannot be started: install it" + (hint == null ? "" : ". " + hint), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failed("was interrupted", e);
    }
  }

  private ProcessBuilder builder() {
    List<String> words = new ArrayList<>();
    words.add(exec.getCommand());
    words.addAll(exec.getArgs());
    boolean interactive =
        !"Never".equals(exec.getInteractiveMode())
            && System.getProperty(Terminals.PROPERTY, "").contains("0");
    ProcessBuilder builder = new ProcessBuilder(words).redirectError(Redirect.INHERIT);
    if (interactive) {
      builder.redirectInput(Redirect.INHERIT);
    }
    exec.getEnv().forEach(entry -> builder.environment().put(entry.getName(), entry.getValue()));
    ObjectNode info = JsonNodeFactory.instance.objectNode();
    info.put("apiVersion", exec.getApiVersion()).put("kind", "ExecCredential");
    info.putObject("spec").put("interactive", interactive);
    builder.environment().put("KUBERNETES_EXEC_INFO", info.toString());
    return builder;
  }

  private CommandFailure failed(String what, Throwable cause) {
    return CommandFailure.passing(
        "the login program of the kubeconfig, " + exec.getCommand() + ", " + what, cause);
  }
}
