package dev.fleetway.cli.command;

import io.fabric8.kubernetes.api.model.LabelSelector;
import java.util.Optional;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;

/** The option {@code -l}: tenants by their labels. */
public final class TenantLabels {
  @Option(
      names = {"-l", "--selector"},
      paramLabel = "LABELS",
      converter = Converter.class,
      description = "Tenants with these labels, such as tier=gold or 'region in (eu,us)'.")
  private Labels labels;

  /**
   * What was typed, and what it means.
   *
   * @param query for the API server, which takes it as it is; the client mixes up terms of one key
   */
  private record Labels(String query, LabelSelector selector) {}

  /** For the tenants of a run. Empty where the option was not given. */
  public Optional<LabelSelector> selector() {
    return Optional.ofNullable(labels).map(Labels::selector);
  }

  /** For a question to the API server. Empty where the option was not given. */
  public Optional<String> query() {
    return Optional.ofNullable(labels).map(Labels::query);
  }

  private static final class Converter implements ITypeConverter<Labels> {
    @Override
    public Labels convert(String text) {
      return new Labels(text, new SelectorConverter().convert(text));
    }
  }
}
