package dev.fleetway.runner.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Stands between a client and a server: it can be silent like a network that is gone, and it can
 * give its clients a process id of its own, as poolers do.
 */
public final class Forwarder implements AutoCloseable {
  private static final int KEY_DATA = 'K';

  private final ServerSocket listener;
  private final TestPostgres server;
  private final boolean pooler;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private volatile boolean silent;

  private Forwarder(TestPostgres server, int port, boolean pooler) {
    this.server = server;
    this.pooler = pooler;
    try {
      listener = new ServerSocket();
      listener.setReuseAddress(true);
      listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    start(this::accept);
  }

  /** Passes everything on; 0 chooses a port. */
  public static Forwarder to(TestPostgres server, int port) {
    return new Forwarder(server, port, false);
  }

  /** Passes everything on but for the backend's key, in whose place it puts one of its own. */
  public static Forwarder poolerOf(TestPostgres server) {
    return new Forwarder(server, 0, true);
  }

  public int port() {
    return listener.getLocalPort();
  }

  /** From now on nothing passes in either direction, and no connection is closed. */
  public void silence() {
    silent = true;
  }

  @Override
  public void close() {
    try {
      listener.close();
      for (Socket socket : sockets) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void accept() {
    try {
      while (true) {
        Socket client = listener.accept();
        sockets.add(client);
        if (!silent) {
          Socket upstream = new Socket(server.host(), server.port());
          sockets.add(upstream);
          start(() -> pass(client, upstream));
          start(() -> pass(upstream, client, pooler));
        }
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  private void pass(Socket from, Socket to) {
    pass(from, to, false);
  }

  private void pass(Socket from, Socket to, boolean rewriteKey) {
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] buffer = new byte[8192];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        if (silent) {
          continue;
        }
        if (rewriteKey) {
          rewriteKey(buffer, read);
        }
        out.write(buffer, 0, read);
        out.flush();
      }
      if (!silent) {
        to.close();
      }
    } catch (IOException e) {
      closeQuietly(from);
      closeQuietly(to);
    }
  }

  /** BackendKeyData: its letter, its length of 12, process id and key. */
  private static void rewriteKey(byte[] bytes, int length) {
    for (int at = 0; at + 13 <= length; at++) {
      if (bytes[at] == KEY_DATA
          && bytes[at + 1] == 0
          && bytes[at + 2] == 0
          && bytes[at + 3] == 0
          && bytes[at + 4] == 12) {
        bytes[at + 5] ^= 0x55;
      }
    }
  }

  private static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // Nobody needs it any more.
    }
  }

  private static void start(Runnable task) {
    Thread thread = new Thread(task, "forwarder");
    thread.setDaemon(true);
    thread.start();
  }
}
