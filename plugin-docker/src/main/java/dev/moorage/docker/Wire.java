package dev.moorage.docker;

import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonBuilderFactory;
import jakarta.json.JsonConfig;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonReader;
import jakarta.json.JsonReaderFactory;
import jakarta.json.spi.JsonProvider;
import java.io.StringReader;
import java.util.Map;
import java.util.Optional;

/** JSON as dockerd speaks it. */
final class Wire {

  /** What dockerd asks for, and what it has always been answered with. */
  static final String CONTENT_TYPE = "application/vnd.docker.plugins.v1.2+json";

  /** Deeper than any honest request, and shallow enough for the stack of a parser that calls itself. */
  private static final int DEPTH_MAX = 32;

  private static final JsonProvider PROVIDER = JsonProvider.provider();
  private static final JsonReaderFactory READERS =
      PROVIDER.createReaderFactory(Map.of(JsonConfig.KEY_STRATEGY, JsonConfig.KeyStrategy.NONE));
  private static final JsonBuilderFactory BUILDERS = PROVIDER.createBuilderFactory(Map.of());

  private Wire() {}

  /**
   * Reads an object.
   *
   * @throws IllegalArgumentException with the reason for the user
   */
  static JsonObject parse(String text) {
    if (text.isBlank()) {
      // What it was for nobody can know: the first attempt may have been carried out or not, and several may be on their way.
      throw new IllegalArgumentException("the request has no body. dockerd leaves it out when it repeats a call whose answer was lost, as when"
          + " Moorage is restarted in the middle of one: give the command once more");
    }
    demandShallow(text);
    try (JsonReader reader = READERS.createReader(new StringReader(text))) {
      return reader.readObject();
    } catch (JsonException e) {
      String reason = Optional.ofNullable(e.getMessage()).orElse("");
      throw new IllegalArgumentException("the request is not a JSON object: " + printable(reason), e);
    }
  }

  /** Counts brackets, those in texts included: no honest request has that many. */
  private static void demandShallow(String text) {
    int depth = 0;
    for (int i = 0; i < text.length(); i++) {
      switch (text.charAt(i)) {
        case '{', '[' -> depth++;
        case '}', ']' -> depth--;
        default -> {}
      }
      if (depth > DEPTH_MAX) {
        throw new IllegalArgumentException("the request is nested deeper than " + DEPTH_MAX + " levels");
      }
    }
  }

  /** At most 100 characters without control characters, for messages about hostile input. */
  static String printable(String text) {
    String clean = text.replaceAll("[\\p{Cntrl}\\p{Cs}\\p{Co}\\p{Cn}]", "?");
    return clean.length() <= 100 ? clean : clean.substring(0, 100) + "…";
  }

  static JsonObjectBuilder object() {
    return BUILDERS.createObjectBuilder();
  }

  static JsonArrayBuilder array() {
    return BUILDERS.createArrayBuilder();
  }

  /** An answer to a call that failed. */
  static String failure(String reason) {
    return object().add("Err", reason).build().toString();
  }
}
