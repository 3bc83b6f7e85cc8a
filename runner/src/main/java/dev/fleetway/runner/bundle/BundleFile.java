package dev.fleetway.runner.bundle;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** One file of the bundle directory: its path below it, and its bytes. */
final class BundleFile {
  private final String path;
  private final byte[] content;

  BundleFile(String path, byte[] content) {
    this.path = path;
    this.content = content.clone();
  }

  /** Path below the bundle directory, with slashes. */
  String path() {
    return path;
  }

  /** The name without directories. */
  String name() {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  ByteBuffer content() {
    return ByteBuffer.wrap(content).asReadOnlyBuffer();
  }

  /** The content as UTF-8 text; malformed input is an error, not a replacement character. */
  String text() throws CharacterCodingException {
    return StandardCharsets.UTF_8.newDecoder().decode(content()).toString();
  }
}
