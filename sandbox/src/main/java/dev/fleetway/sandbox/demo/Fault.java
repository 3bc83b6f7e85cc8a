package dev.fleetway.sandbox.demo;

import dev.fleetway.sandbox.Sandbox;
import dev.fleetway.sandbox.fleet.Bundle;
import dev.fleetway.sandbox.fleet.Fleet;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.util.List;
import java.util.Map;

/** Something that makes tenants fail, and its repair. */
sealed interface Fault {

  /** What is wrong, for people. */
  String description();

  /** What the repair does, for people. */
  String repairDescription();

  /** What stays in a table of such a tenant after the repair, compared with before. */
  Map<String, Integer> rowsLeft();

  void cause(Sandbox sandbox, List<String> tenants);

  void repair(Sandbox sandbox, List<String> tenants);

  /** Two customers with one e-mail address: breaks the sample bundle. */
  record DuplicateEmails() implements Fault {
    @Override
    public String description() {
      return "two customers share one e-mail address, which migration "
          + Bundle.SAMPLE_UNIQUE_EMAIL
          + " will not allow";
    }

    @Override
    public String repairDescription() {
      return "DELETE FROM customers WHERE full_name = 'Ada again'";
    }

    @Override
    public Map<String, Integer> rowsLeft() {
      return Map.of("customers", 1);
    }

    @Override
    public void cause(Sandbox sandbox, List<String> tenants) {
      executeAll(
          sandbox,
          tenants,
          "INSERT INTO customers (full_name, email)"
              + " VALUES ('Ada', 'ada@example.test'), ('Ada again', 'ADA@example.test')");
    }

    @Override
    public void repair(Sandbox sandbox, List<String> tenants) {
      executeAll(sandbox, tenants, repairDescription());
    }

    private static void executeAll(Sandbox sandbox, List<String> tenants, String sql) {
      tenants.forEach(tenant -> sandbox.postgres().execute(Fleet.database(tenant), sql));
    }
  }

  /** A wrong password: breaks any bundle. */
  record WrongPasswords() implements Fault {
    @Override
    public String description() {
      return "their Secret holds a wrong password";
    }

    @Override
    public String repairDescription() {
      return "kubectl patch secret … (the right password)";
    }

    @Override
    public Map<String, Integer> rowsLeft() {
      return Map.of();
    }

    @Override
    public void cause(Sandbox sandbox, List<String> tenants) {
      tenants.forEach(tenant -> setPassword(sandbox, tenant, "wrong"));
    }

    @Override
    public void repair(Sandbox sandbox, List<String> tenants) {
      tenants.forEach(tenant -> setPassword(sandbox, tenant, sandbox.postgres().password()));
    }

    private static void setPassword(Sandbox sandbox, String tenant, String password) {
      sandbox
          .client()
          .secrets()
          .inNamespace(sandbox.namespace())
          .withName(tenant + "-db")
          .edit(secret -> new SecretBuilder(secret).addToStringData("password", password).build());
    }
  }
}
