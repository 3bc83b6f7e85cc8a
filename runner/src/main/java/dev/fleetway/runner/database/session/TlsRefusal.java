package dev.fleetway.runner.database.session;

import dev.fleetway.api.v1alpha1.TenantReason;
import dev.fleetway.runner.database.failure.TenantFailure;
import java.io.EOFException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;

/** What went wrong in a TLS handshake, in words of our own. Pure. */
public final class TlsRefusal {
  /** RFC 8446 names them; the JDK repeats the name that the server sent. */
  private static final Pattern ALERT = Pattern.compile("fatal alert: ([a-z_]{1,40})\\z");

  private TlsRefusal() {}

  public static TenantFailure of(List<Throwable> chain) {
    return new TenantFailure(TenantReason.TlsFailed, words(chain));
  }

  /**
   * The connection was made, and then ended without a word. In TLS 1.3 the server looks at the
   * client's certificate when for the client the handshake is over, and its alert may be lost.
   */
  static boolean isHangUp(Throwable thrown) {
    List<Throwable> chain = new ArrayList<>();
    for (Throwable t = thrown; t != null && chain.size() < 20; t = t.getCause()) {
      chain.add(t);
    }
    return (has(chain, SocketException.class) || has(chain, EOFException.class))
        && !has(chain, ConnectException.class)
        && !has(chain, NoRouteToHostException.class);
  }

  static TenantFailure ofClientCertificate() {
    return new TenantFailure(
        TenantReason.TlsFailed,
        "the server ended the connection when it saw the client certificate: probably it does not"
            + " accept the client certificate of certKey");
  }

  private static String words(List<Throwable> chain) {
    if (has(chain, CertificateExpiredException.class)) {
      return "the server's certificate, or that of its authority, has expired";
    }
    if (has(chain, CertificateNotYetValidException.class)) {
      return "the server's certificate, or that of its authority, is not valid yet";
    }
    if (has(chain, CertPathBuilderException.class)
        || has(chain, CertPathValidatorException.class)) {
      return "the server's certificate is signed by no authority that is trusted here";
    }
    Optional<String> alert = alert(chain);
    if (alert.isPresent()) {
      return "the server ended the TLS handshake (" + alert.get() + "): " + advice(alert.get());
    }
    // With the authorities out of the way the JDK has one more check, that of the name.
    return has(chain, CertificateException.class)
        ? "the server's certificate is not for this host name"
        : "the TLS handshake failed";
  }

  private static String advice(String alert) {
    return alert.contains("certificate")
            || alert.equals("unknown_ca")
            || alert.equals("decrypt_error")
        ? "it does not accept the client certificate, or wants one: see certKey and keyKey"
        : "server and runner agree on no version or cipher of TLS";
  }

  private static Optional<String> alert(List<Throwable> chain) {
    return chain.stream()
        .filter(SSLException.class::isInstance)
        .map(thrown -> String.valueOf(thrown.getMessage()).toLowerCase(Locale.ROOT))
        .map(ALERT::matcher)
        .filter(Matcher::find)
        .map(matcher -> matcher.group(1))
        .findFirst();
  }

  private static boolean has(List<Throwable> chain, Class<? extends Throwable> type) {
    return chain.stream().anyMatch(type::isInstance);
  }
}
