package dev.fleetway.runner.bundle;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;

/**
 * The identity of a bundle: SHA-256 over its files in the order of their base names, for each one
 * base name, NUL, content length in decimal digits, NUL, content. Directories do not count: the
 * same scripts from an image and from ConfigMaps are the same bundle.
 */
final class BundleDigest {
  private static final byte[] NUL = {0};

  private BundleDigest() {}

  static String of(List<BundleFile> files) {
    MessageDigest digest = sha256();
    files.stream()
        .sorted(Comparator.comparing(BundleFile::name))
        .forEach(
            file -> {
              digest.update(file.name().getBytes(StandardCharsets.UTF_8));
              digest.update(NUL);
              digest.update(
                  Integer.toString(file.content().remaining()).getBytes(StandardCharsets.US_ASCII));
              digest.update(NUL);
              digest.update(file.content());
            });
    return "sha256:" + HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
