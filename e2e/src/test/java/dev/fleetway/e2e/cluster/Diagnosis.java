package dev.fleetway.e2e.cluster;

import dev.fleetway.e2e.tool.Command;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;

/** What a person would ask the cluster after a failed scenario. Secrets are not among it. */
final class Diagnosis {
  private static final List<List<String>> QUESTIONS =
      List.of(
          List.of("get", "tmr", "-o", "yaml"),
          List.of("get", "tenants", "-o", "wide"),
          List.of("get", "jobs,pods,configmaps,leases", "-o", "wide"),
          List.of("describe", "jobs"),
          List.of("describe", "pods"),
          List.of("get", "events", "--sort-by=.lastTimestamp"),
          List.of(
              "logs", "-l", "app.kubernetes.io/name=fleetway-operator", "--tail=400", "--prefix"),
          List.of(
              "logs",
              "-l",
              "app.kubernetes.io/name=fleetway-operator",
              "--tail=100",
              "--prefix",
              "--previous"),
          List.of(
              "logs", "-l", "app.kubernetes.io/name=fleetway-runner", "--tail=100", "--prefix"));

  private final Kubectl kubectl;
  private final String namespace;

  Diagnosis(Kubectl kubectl, String namespace) {
    this.kubectl = kubectl;
    this.namespace = namespace;
  }

  void print(PrintStream out) {
    for (List<String> question : QUESTIONS) {
      out.println("---- kubectl " + String.join(" ", question));
      out.println(answer(question));
    }
  }

  // One question without an answer must not hide the others, nor the failure itself.
  private String answer(List<String> question) {
    String[] words = new String[question.size() + 2];
    words[0] = "-n";
    words[1] = namespace;
    for (int i = 0; i < question.size(); i++) {
      words[i + 2] = question.get(i);
    }
    try {
      Command.Result result = kubectl.tryRun(Duration.ofSeconds(30), words);
      return result.output() + result.errors();
    } catch (IllegalStateException e) {
      return e.getMessage();
    }
  }
}
