package dev.fleetway.runner.testing;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stands between a client and a server without TLS, and counts how often the server said that it is
 * ready for the next query: once after the login, and once per round trip.
 */
public final class RoundTrips implements AutoCloseable {
  private static final int READY_FOR_QUERY = 'Z';

  private final ServerSocket listener;
  private final String host;
  private final int port;
  private final AtomicInteger ready = new AtomicInteger();
  private final AtomicInteger connections = new AtomicInteger();

  public RoundTrips(String host, int port) throws IOException {
    this.host = host;
    this.port = port;
    this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    start(this::accept);
  }

  public int port() {
    return listener.getLocalPort();
  }

  /** Round trips after the login, of all connections since the last call. */
  public int count() {
    return ready.getAndSet(0) - connections.getAndSet(0);
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }

  private void accept() {
    try {
      while (!listener.isClosed()) {
        Socket client = listener.accept();
        Socket server = new Socket(host, port);
        client.setTcpNoDelay(true);
        server.setTcpNoDelay(true);
        connections.incrementAndGet();
        start(() -> copy(client, server));
        start(() -> countAndCopy(server, client));
      }
    } catch (IOException e) {
      // The listener was closed: the test is over.
      return;
    }
  }

  private static void copy(Socket from, Socket to) {
    try (from;
        to) {
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException e) {
      // One side has gone, the other follows.
      return;
    }
  }

  private void countAndCopy(Socket from, Socket to) {
    try (DataInputStream in = new DataInputStream(new BufferedInputStream(from.getInputStream()));
        OutputStream out = new BufferedOutputStream(to.getOutputStream())) {
      for (int type = in.read(); type >= 0; type = in.read()) {
        int length = in.readInt();
        byte[] body = in.readNBytes(length - Integer.BYTES);
        if (type == READY_FOR_QUERY) {
          ready.incrementAndGet();
        }
        out.write(type);
        out.write(length >>> 24);
        out.write(length >>> 16);
        out.write(length >>> 8);
        out.write(length);
        out.write(body);
        if (in.available() == 0) {
          out.flush();
        }
      }
    } catch (IOException e) {
      // One side has gone, the other follows.
      return;
    }
  }

  private static void start(Runnable task) {
    Thread thread = new Thread(task, "round-trips");
    thread.setDaemon(true);
    thread.start();
  }
}
