package dev.fleetway.runner.database.session;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * Lets the driver use a TLS context that is in memory. The driver makes its factory by class name
 * and one word of text, so the word is a ticket for a context that waits here.
 */
public final class TlsSocketFactory extends SSLSocketFactory {
  private static final Map<String, Waiting> WAITING = new ConcurrentHashMap<>();

  private final SSLSocketFactory factory;
  private final boolean verifiesHost;

  private record Waiting(SSLContext context, boolean verifiesHost) {}

  /** A context that waits for the driver; closed as soon as the connection stands, or failed. */
  record Ticket(String word) implements AutoCloseable {
    @Override
    public void close() {
      WAITING.remove(word);
    }
  }

  /**
   * For the driver.
   *
   * @param word of a ticket that is still open
   */
  public TlsSocketFactory(String word) {
    Waiting waiting = WAITING.get(word);
    if (waiting == null) {
      throw new IllegalStateException("no TLS context waits any more");
    }
    this.factory = waiting.context().getSocketFactory();
    this.verifiesHost = waiting.verifiesHost();
  }

  static Ticket offer(SSLContext context, boolean verifiesHost) {
    String word = UUID.randomUUID().toString();
    WAITING.put(word, new Waiting(context, verifiesHost));
    return new Ticket(word);
  }

  /** How many contexts wait for the driver. */
  static int waiting() {
    return WAITING.size();
  }

  /** The driver checks the name too, but only after the handshake and without a reason. */
  private Socket checked(Socket socket) {
    if (verifiesHost && socket instanceof SSLSocket tls) {
      SSLParameters parameters = tls.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      tls.setSSLParameters(parameters);
    }
    return socket;
  }

  @Override
  public Socket createSocket(Socket socket, String host, int port, boolean autoClose)
      throws IOException {
    return checked(factory.createSocket(socket, host, port, autoClose));
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    return checked(factory.createSocket(host, port));
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress localHost, int localPort)
      throws IOException {
    return checked(factory.createSocket(host, port, localHost, localPort));
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    return checked(factory.createSocket(host, port));
  }

  @Override
  public Socket createSocket(InetAddress address, int port, InetAddress localAddress, int localPort)
      throws IOException {
    return checked(factory.createSocket(address, port, localAddress, localPort));
  }

  @Override
  public String[] getDefaultCipherSuites() {
    return factory.getDefaultCipherSuites();
  }

  @Override
  public String[] getSupportedCipherSuites() {
    return factory.getSupportedCipherSuites();
  }
}
