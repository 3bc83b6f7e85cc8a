package dev.fleetway.cli.connect;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.commons.text.similarity.JaroWinklerSimilarity;

/** What somebody may have meant. */
final class NearNames {
  private static final double NEAR = 0.75;
  private static final int MOST = 3;

  private NearNames() {}

  /** Such as {@code ; did you mean v105 or v104?}; empty when nothing is near. */
  static String hint(String typed, Collection<String> known) {
    JaroWinklerSimilarity likeness = new JaroWinklerSimilarity();
    List<String> near =
        known.stream()
            .filter(name -> likeness.apply(typed, name) >= NEAR)
            .sorted(
                Comparator.<String>comparingDouble(name -> -likeness.apply(typed, name))
                    .thenComparing(Comparator.naturalOrder()))
            .limit(MOST)
            .toList();
    return near.isEmpty()
        ? ""
        : near.stream().collect(Collectors.joining(" or ", "; did you mean ", "?"));
  }
}
