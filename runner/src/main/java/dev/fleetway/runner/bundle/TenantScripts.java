package dev.fleetway.runner.bundle;

/** The scripts of a run for one tenant: they differ from other tenants' only by placeholders. */
public final class TenantScripts {
  private final SharedScripts shared;
  private final Placeholders placeholders;

  TenantScripts(SharedScripts shared, Placeholders placeholders) {
    this.shared = shared;
    this.placeholders = placeholders;
  }

  public Bundle bundle() {
    return shared.bundle();
  }

  /**
   * What the history holds for the script: the text's checksum for a versioned one; for a
   * repeatable one that of the text with the values of the placeholders in it.
   */
  public int checksum(Script script) {
    return shared.checksum(script, placeholders);
  }

  /** The text with the values of the placeholders in it. */
  public String sql(Script script) {
    return placeholders.replace(script);
  }

  public ParsedScript parsed(Script script) {
    return shared.parsed(script, placeholders);
  }
}
