package dev.fleetway.operator.model;

import dev.fleetway.api.v1alpha1.TenantSpec;

/**
 * Where a tenant's objects live, literally: two names of one server are two servers here.
 *
 * @param server {@code host:port}
 * @param database name of the database
 * @param schema name of the schema
 */
public record Target(String server, String database, String schema) {

  public static Target of(TenantSpec.Database database) {
    return new Target(database.server(), database.name(), database.schema());
  }
}
