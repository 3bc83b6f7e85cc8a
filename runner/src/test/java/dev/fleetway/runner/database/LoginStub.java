package dev.fleetway.runner.database;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** Takes logins as PostgreSQL does, writes down what it is told, and refuses them all. */
final class LoginStub implements AutoCloseable {
  private static final int CLEARTEXT_PASSWORD = 3;

  private final ServerSocket socket;
  private final List<Seen> seen = new CopyOnWriteArrayList<>();

  /**
   * A login.
   *
   * @param parameters of the start-up packet
   * @param password as it came
   */
  record Seen(Map<String, String> parameters, String password) {}

  LoginStub() throws IOException {
    socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread thread = new Thread(this::serve, "login-stub");
    thread.setDaemon(true);
    thread.start();
  }

  int port() {
    return socket.getLocalPort();
  }

  List<Seen> seen() {
    return seen;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  private void serve() {
    while (!socket.isClosed()) {
      try (Socket client = socket.accept()) {
        answer(client);
      } catch (IOException e) {
        // The client has left, or the test has ended.
      }
    }
  }

  private void answer(Socket client) throws IOException {
    DataInputStream in = new DataInputStream(client.getInputStream());
    DataOutputStream out = new DataOutputStream(client.getOutputStream());
    byte[] packet = in.readNBytes(in.readInt() - 4);
    out.writeByte('R');
    out.writeInt(8);
    out.writeInt(CLEARTEXT_PASSWORD);
    out.flush();
    int type = in.read();
    byte[] password = in.readNBytes(in.readInt() - 4);
    seen.add(new Seen(parameters(packet), type == 'p' ? text(password, 0) : null));
    byte[] fields = "SFATAL\0C28P01\0Mrefused\0\0".getBytes(StandardCharsets.UTF_8);
    out.writeByte('E');
    out.writeInt(4 + fields.length);
    out.write(fields);
    out.flush();
  }

  private static Map<String, String> parameters(byte[] packet) {
    Map<String, String> parameters = new LinkedHashMap<>();
    // After the four bytes of the protocol's version.
    for (int at = 4; at < packet.length && packet[at] != 0; ) {
      String name = text(packet, at);
      at += name.getBytes(StandardCharsets.UTF_8).length + 1;
      String value = text(packet, at);
      at += value.getBytes(StandardCharsets.UTF_8).length + 1;
      parameters.put(name, value);
    }
    return parameters;
  }

  private static String text(byte[] bytes, int from) {
    int to = from;
    while (bytes[to] != 0) {
      to++;
    }
    return new String(bytes, from, to - from, StandardCharsets.UTF_8);
  }
}
