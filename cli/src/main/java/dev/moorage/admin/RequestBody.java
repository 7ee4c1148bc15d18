package dev.moorage.admin;

import dev.moorage.volume.VolumeException.InvalidArgument;
import jakarta.json.JsonArray;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonReaderFactory;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import org.eclipse.parsson.api.JsonConfig;

/** The body of a request while it is read: a JSON object with known fields, each of a known type. An empty body is an empty object. */
final class RequestBody {

  private static final int DEPTH_MAX = 8;
  private static final int SHOWN_CHARS_MAX = 64;
  private static final JsonReaderFactory READERS =
      Json.PROVIDER.createReaderFactory(Map.of(JsonConfig.MAX_DEPTH, DEPTH_MAX));

  private final String action;
  private final JsonObject json;
  private final TreeSet<String> known = new TreeSet<>();

  private RequestBody(String action, JsonObject json) {
    this.action = action;
    this.json = json;
  }

  /** {@code action} is what the caller wants, for messages. */
  static RequestBody of(String action, AdminRequest request) throws InvalidArgument {
    if (request.body().isBlank()) {
      return new RequestBody(action, JsonValue.EMPTY_JSON_OBJECT);
    }
    try (var reader = READERS.createReader(new StringReader(request.body()))) {
      return new RequestBody(action, reader.readObject());
    } catch (RuntimeException e) {
      // The parser throws several kinds, a bare RuntimeException for what is nested too deeply.
      throw new InvalidArgument(action, "the body of the request is not a JSON object", "See docs/admin-api.md", e);
    }
  }

  /** A field read by the given reader, whose IllegalArgumentException becomes the answer. Null counts as absent. */
  <T> Optional<T> read(String field, Function<String, T> reader) throws InvalidArgument {
    Optional<JsonValue> value = value(field);
    if (value.isEmpty()) {
      return Optional.empty();
    }
    if (!(value.get() instanceof JsonString text)) {
      throw wrong(field, "a text");
    }
    return Optional.of(Words.read(action, text.getString(), reader));
  }

  /** A field that must be there. */
  <T> T need(String field, Function<String, T> reader) throws InvalidArgument {
    Optional<T> value = read(field, reader);
    if (value.isEmpty()) {
      throw new InvalidArgument(action, "the field '" + field + "' is missing", "See docs/admin-api.md");
    }
    return value.get();
  }

  /** A list of texts; empty when absent. */
  <T> List<T> readAll(String field, Function<String, T> reader) throws InvalidArgument {
    List<T> values = new ArrayList<>();
    Optional<JsonValue> value = value(field);
    if (value.isPresent()) {
      if (!(value.get() instanceof JsonArray array)) {
        throw wrong(field, "a list of texts");
      }
      for (JsonValue each : array) {
        if (!(each instanceof JsonString text)) {
          throw wrong(field, "a list of texts");
        }
        values.add(Words.read(action, text.getString(), reader));
      }
    }
    return values;
  }

  /** A truth value; false when absent. */
  boolean flag(String field) throws InvalidArgument {
    Optional<JsonValue> value = value(field);
    if (value.isPresent() && !value.get().equals(JsonValue.TRUE) && !value.get().equals(JsonValue.FALSE)) {
      throw wrong(field, "true or false");
    }
    return value.equals(Optional.of(JsonValue.TRUE));
  }

  /** A number; empty when absent. */
  Optional<Double> number(String field) throws InvalidArgument {
    Optional<JsonValue> value = value(field);
    if (value.isPresent() && !(value.get() instanceof JsonNumber)) {
      throw wrong(field, "a number");
    }
    return value.map(number -> ((JsonNumber) number).doubleValue());
  }

  /** Refuses fields that nobody read. Called when all were. */
  void finish() throws InvalidArgument {
    for (String field : json.keySet()) {
      if (!known.contains(field)) {
        throw new InvalidArgument(action, "there is no field '" + Words.shown(field, SHOWN_CHARS_MAX) + "'",
            known.isEmpty() ? "This request has no body" : "There are: " + String.join(", ", known));
      }
    }
  }

  private Optional<JsonValue> value(String field) {
    known.add(field);
    return Optional.ofNullable(json.get(field)).filter(value -> !value.equals(JsonValue.NULL));
  }

  private InvalidArgument wrong(String field, String expected) {
    return new InvalidArgument(action, "the field '" + field + "' must be " + expected, "See docs/admin-api.md");
  }
}
