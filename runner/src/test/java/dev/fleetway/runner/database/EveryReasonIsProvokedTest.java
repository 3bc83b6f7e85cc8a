package dev.fleetway.runner.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetway.api.v1alpha1.TenantReason;
import dev.fleetway.runner.Main;
import dev.fleetway.runner.testing.Provokes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A reason that the runner can give has a test that provokes it for real. */
class EveryReasonIsProvokedTest {
  @Test
  void everyReasonThatTheRunnersClassesNameHasATestThatProvokesIt() throws Exception {
    Set<TenantReason> named = named();
    Set<TenantReason> provoked = provoked();

    assertThat(named).contains(TenantReason.LockTimeout, TenantReason.AheadOfBundle);
    assertThat(provoked)
        .as("add @Provokes to a test that makes a tenant end for this reason")
        .containsAll(named);
  }

  /** The reasons whose constants occur in the compiled classes. */
  private static Set<TenantReason> named() throws IOException, URISyntaxException {
    List<String> classes =
        classFiles(Main.class).stream().map(EveryReasonIsProvokedTest::content).toList();
    Set<TenantReason> named = EnumSet.noneOf(TenantReason.class);
    for (TenantReason reason : TenantReason.values()) {
      String constant = constant(reason.name());
      if (classes.stream().anyMatch(content -> content.contains(constant))) {
        named.add(reason);
      }
    }
    return named;
  }

  private static Set<TenantReason> provoked() throws Exception {
    Set<TenantReason> provoked = EnumSet.noneOf(TenantReason.class);
    Path root = root(EveryReasonIsProvokedTest.class);
    for (Path file : classFiles(EveryReasonIsProvokedTest.class)) {
      String name = root.relativize(file).toString().replace('/', '.').replace('\\', '.');
      if (name.endsWith("IT.class")) {
        Class<?> type =
            Class.forName(
                name.substring(0, name.length() - ".class".length()),
                false,
                EveryReasonIsProvokedTest.class.getClassLoader());
        for (Method method : type.getDeclaredMethods()) {
          if (method.isAnnotationPresent(Provokes.class)) {
            provoked.addAll(Arrays.asList(method.getAnnotation(Provokes.class).value()));
          }
        }
      }
    }
    return provoked;
  }

  private static List<Path> classFiles(Class<?> of) throws IOException, URISyntaxException {
    try (Stream<Path> files = Files.walk(root(of))) {
      return files.filter(file -> file.toString().endsWith(".class")).toList();
    }
  }

  private static Path root(Class<?> of) throws URISyntaxException {
    return Path.of(of.getProtectionDomain().getCodeSource().getLocation().toURI());
  }

  private static String content(Path file) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A text constant in a class file: its tag, its length in two bytes, its bytes. */
  private static String constant(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(1);
    bytes.write(text.length() >> 8);
    bytes.write(text.length());
    bytes.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    return bytes.toString(StandardCharsets.ISO_8859_1);
  }
}
