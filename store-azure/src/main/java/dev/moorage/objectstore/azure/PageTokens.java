package dev.moorage.objectstore.azure;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Which token of the service belongs to which place of a list; the newest few hundred. Safe for use by several threads. */
final class PageTokens {

  /** Behind that text in the list of that prefix. */
  record Place(String prefix, String after) {}

  private static final int MAX = 256;

  private final Map<Place, String> tokens = new LinkedHashMap<>() {
    @Override
    protected boolean removeEldestEntry(Map.Entry<Place, String> eldest) {
      return size() > MAX;
    }
  };

  synchronized Optional<String> of(Place place) {
    return Optional.ofNullable(tokens.get(place));
  }

  synchronized void put(Place place, String token) {
    tokens.remove(place);
    tokens.put(place, token);
  }
}
