package dev.fleetway.runner.bundle;

import java.io.Reader;
import java.io.StringReader;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.flywaydb.core.api.ResourceProvider;
import org.flywaydb.core.api.resource.LoadableResource;

/**
 * The bundle as Flyway's only source of files. Flyway scans no directory and no class path, so it
 * finds no callback and no shell script, and cannot see a file twice through a mount's links.
 */
public final class BundleResources implements ResourceProvider {
  private final Map<String, LoadableResource> resources = new LinkedHashMap<>();

  public BundleResources(Bundle bundle) {
    for (Script script : bundle.scripts()) {
      resources.put(script.fileName(), resource(script.fileName(), script.sql()));
      conf(script).ifPresent(conf -> resources.put(conf.getFilename(), conf));
    }
  }

  @Override
  public LoadableResource getResource(String name) {
    return resources.get(name);
  }

  @Override
  public Collection<LoadableResource> getResources(String prefix, String[] suffixes) {
    List<String> endings = Arrays.asList(suffixes);
    return resources.values().stream()
        .filter(resource -> resource.getFilename().startsWith(prefix))
        .filter(resource -> endings.stream().anyMatch(resource.getFilename()::endsWith))
        .toList();
  }

  static LoadableResource resource(String name, String text) {
    return new TextResource(name, text);
  }

  static Optional<LoadableResource> conf(Script script) {
    return script
        .executeInTransaction()
        .map(value -> resource(script.fileName() + ".conf", "executeInTransaction=" + value));
  }

  private static final class TextResource extends LoadableResource {
    private final String name;
    private final String text;

    TextResource(String name, String text) {
      this.name = name;
      this.text = text;
    }

    @Override
    public Reader read() {
      return new StringReader(text);
    }

    @Override
    public String getAbsolutePath() {
      return name;
    }

    @Override
    public String getAbsolutePathOnDisk() {
      return name;
    }

    @Override
    public String getFilename() {
      return name;
    }

    @Override
    public String getRelativePath() {
      return name;
    }
  }
}
