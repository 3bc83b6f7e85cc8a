package dev.fleetway.api.testing;

import io.fabric8.kubernetes.client.KubernetesClient;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Starts the JVM's one server on first use and hands out clients. */
final class RealApiServerExtension
    implements ExecutionCondition, BeforeAllCallback, ParameterResolver {
  private static final Namespace STORE = Namespace.create(RealApiServerExtension.class);

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    return ApiServerGate.of(System.getenv()) == ApiServerGate.SKIP
        ? ConditionEvaluationResult.disabled(ApiServerGate.REASON)
        : ConditionEvaluationResult.enabled("the gate is not shut");
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    if (ApiServerGate.of(System.getenv()) == ApiServerGate.FAIL) {
      throw new IllegalStateException(
          ApiServerGate.REASON + "; with CI=true these tests must not be skipped");
    }
    server(context);
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    Class<?> type = parameter.getParameter().getType();
    return type == KubernetesClient.class || type == ApiServer.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == ApiServer.class
        ? server(context)
        : client(context);
  }

  // The store of the root context lives as long as the JVM's tests and closes what it holds.
  private static ApiServer server(ExtensionContext context) {
    return context
        .getRoot()
        .getStore(STORE)
        .computeIfAbsent(
            ApiServer.class,
            key -> ApiServer.start(System.getenv(ApiServerGate.DIRECTORY_VARIABLE)),
            ApiServer.class);
  }

  private static KubernetesClient client(ExtensionContext context) {
    ApiServer server = server(context);
    Class<?> testClass = outermost(context.getRequiredTestClass());
    return context
        .getRoot()
        .getStore(STORE)
        .computeIfAbsent(
            testClass,
            key -> server.client(server.freshNamespace(testClass.getSimpleName())),
            KubernetesClient.class);
  }

  private static Class<?> outermost(Class<?> testClass) {
    Class<?> enclosing = testClass.getEnclosingClass();
    return enclosing == null ? testClass : outermost(enclosing);
  }
}
