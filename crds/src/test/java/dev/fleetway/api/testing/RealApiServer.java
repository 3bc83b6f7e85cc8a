package dev.fleetway.api.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Runs a test class against a real API server with Fleetway's CRDs installed.
 *
 * <p>A test asks for what it needs by parameter (of the constructor, a lifecycle method or a test):
 * a {@code KubernetesClient} whose namespace is fresh and belongs to the test class alone, or the
 * {@link ApiServer} itself. One server serves the whole JVM.
 *
 * <p>The server's programs are looked up in the directory that the environment variable {@code
 * KUBE_API_TEST_DIR} names. Where it is not set the tests are skipped, or fail with {@code
 * CI=true}.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@ExtendWith(RealApiServerExtension.class)
public @interface RealApiServer {}
