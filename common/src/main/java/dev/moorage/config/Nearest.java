package dev.moorage.config;

import java.util.Collection;
import java.util.Optional;

/** Finds the word that somebody probably meant. */
public final class Nearest {

  private Nearest() {}

  /** The known word with the fewest single-letter changes from the given one, when there are at most {@code most} of them. */
  public static Optional<String> to(String word, Collection<String> known, int most) {
    String best = "";
    int bestDistance = most + 1;
    for (String each : known) {
      int distance = distance(word, each);
      if (distance < bestDistance) {
        best = each;
        bestDistance = distance;
      }
    }
    return bestDistance <= most ? Optional.of(best) : Optional.empty();
  }

  /** Levenshtein's distance, row by row. */
  private static int distance(String from, String to) {
    int[] row = new int[to.length() + 1];
    for (int j = 0; j <= to.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int changed = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(changed, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[to.length()];
  }
}
