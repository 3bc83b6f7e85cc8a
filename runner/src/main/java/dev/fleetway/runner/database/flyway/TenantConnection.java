package dev.fleetway.runner.database.flyway;

import java.sql.Connection;

/** A tenant's session as Flyway gets it, with what the runner knows of it. */
interface TenantConnection extends Connection {
  /** The history table was there a moment ago. */
  boolean historyExists();

  /** Keeps the session's settings. */
  ScriptGuard guard();
}
