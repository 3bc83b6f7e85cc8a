package dev.fleetway.runner.database;

import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.HostnameVerifier;
import javax.net.ssl.SSLSession;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.CallbackHandler;
import org.postgresql.plugin.AuthenticationPlugin;
import org.postgresql.plugin.AuthenticationRequestType;
import org.postgresql.ssl.WrappedFactory;

/**
 * What hostile values name as a class to load; that it is loaded is what must not happen. It is of
 * each type that the driver accepts by name, because the driver looks at the type before it loads.
 */
public final class SmuggledCanary extends WrappedFactory
    implements AuthenticationPlugin, HostnameVerifier, CallbackHandler {
  static {
    Loaded.FLAG.set(true);
  }

  @Override
  public char[] getPassword(AuthenticationRequestType type) {
    return new char[0];
  }

  @Override
  public boolean verify(String host, SSLSession session) {
    return true;
  }

  @Override
  public void handle(Callback[] callbacks) {}

  /** Apart, so that asking does not load the canary. */
  static final class Loaded {
    static final AtomicBoolean FLAG = new AtomicBoolean();

    private Loaded() {}
  }
}
