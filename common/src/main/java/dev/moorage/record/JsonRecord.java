package dev.moorage.record;

import jakarta.json.JsonArray;
import jakarta.json.JsonException;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * A JSON object read strictly: a required field that is absent, and any field of another type, is a
 * {@link MalformedRecordException} naming the file and the field. Fields that nobody asks for are ignored, so a later Moorage may
 * add some within one format. Immutable.
 */
public final class JsonRecord {

  private final String place;
  private final JsonObject object;

  private JsonRecord(String place, JsonObject object) {
    this.place = place;
    this.object = object;
  }

  /**
   * Reads a record of format 1 to {@code newestFormat}.
   *
   * @throws java.nio.file.NoSuchFileException when the file is absent
   * @throws NewerRecordException when a newer Moorage wrote it
   * @throws MalformedRecordException when it is not a record
   */
  public static JsonRecord read(Path file, int newestFormat) throws IOException {
    return parse(file.toString(), AtomicFile.read(file), newestFormat);
  }

  /** Like {@link #read}, from bytes; {@code place} is what messages call them. */
  public static JsonRecord parse(String place, byte[] content, int newestFormat)
      throws MalformedRecordException, NewerRecordException {
    JsonRecord record = new JsonRecord(place, parse(place, content));
    long format = record.number(Fields.FORMAT);
    if (format > newestFormat) {
      throw new NewerRecordException(place, format, newestFormat);
    }
    if (format < 1) {
      throw record.malformed(Fields.FORMAT, "must be at least 1");
    }
    return record;
  }

  private static JsonObject parse(String place, byte[] content) throws MalformedRecordException {
    try (JsonReader reader = Json.READERS.createReader(new ByteArrayInputStream(content))) {
      return reader.readObject();
    } catch (JsonException e) {
      throw new MalformedRecordException(place + " is not a JSON object: " + e.getMessage(), e);
    }
  }

  /** The format number, checked already. */
  public int format() throws MalformedRecordException {
    return (int) number(Fields.FORMAT);
  }

  public String text(String field) throws MalformedRecordException {
    return required(field, optionalText(field));
  }

  public Optional<String> optionalText(String field) throws MalformedRecordException {
    return typed(field, JsonString.class, "text").map(JsonString::getString);
  }

  /** A text that {@code parser} turns into a value; its {@link IllegalArgumentException} becomes ours. */
  public <T> T parsed(String field, Function<String, T> parser) throws MalformedRecordException {
    return required(field, optionalParsed(field, parser));
  }

  public <T> Optional<T> optionalParsed(String field, Function<String, T> parser) throws MalformedRecordException {
    Optional<String> text = optionalText(field);
    return text.isEmpty() ? Optional.empty() : Optional.of(apply(field, text.get(), parser));
  }

  public Instant instant(String field) throws MalformedRecordException {
    return parsed(field, Instant::parse);
  }

  public Optional<Instant> optionalInstant(String field) throws MalformedRecordException {
    return optionalParsed(field, Instant::parse);
  }

  public long number(String field) throws MalformedRecordException {
    OptionalLong value = optionalNumber(field);
    if (value.isEmpty()) {
      throw malformed(field, "is missing");
    }
    return value.getAsLong();
  }

  public OptionalLong optionalNumber(String field) throws MalformedRecordException {
    Optional<JsonNumber> number = typed(field, JsonNumber.class, "a whole number");
    try {
      return number.isEmpty() ? OptionalLong.empty() : OptionalLong.of(number.get().longValueExact());
    } catch (ArithmeticException e) {
      throw malformed(field, "must be a whole number of at most 64 bits");
    }
  }

  public double decimal(String field) throws MalformedRecordException {
    return required(field, optionalDecimal(field));
  }

  public Optional<Double> optionalDecimal(String field) throws MalformedRecordException {
    return typed(field, JsonNumber.class, "a number").map(JsonNumber::doubleValue);
  }

  public boolean flag(String field) throws MalformedRecordException {
    return required(field, optionalFlag(field));
  }

  public Optional<Boolean> optionalFlag(String field) throws MalformedRecordException {
    JsonValue value = object.get(field);
    if (value == null) {
      return Optional.empty();
    }
    if (JsonValue.TRUE.equals(value) || JsonValue.FALSE.equals(value)) {
      return Optional.of(JsonValue.TRUE.equals(value));
    }
    throw malformed(field, "must be true or false");
  }

  /** A list of texts; an absent one is empty. */
  public List<String> texts(String field) throws MalformedRecordException {
    List<String> texts = new ArrayList<>();
    for (JsonValue value : array(field)) {
      if (!(value instanceof JsonString text)) {
        throw malformed(field, "must be a list of texts");
      }
      texts.add(text.getString());
    }
    return List.copyOf(texts);
  }

  /** A list of texts that {@code parser} turns into values; an absent one is empty. */
  public <T> List<T> parsedTexts(String field, Function<String, T> parser) throws MalformedRecordException {
    List<T> values = new ArrayList<>();
    for (String text : texts(field)) {
      values.add(apply(field, text, parser));
    }
    return List.copyOf(values);
  }

  /** A map of texts in the order of the file; an absent one is empty. */
  public Map<String, String> map(String field) throws MalformedRecordException {
    Map<String, String> texts = new LinkedHashMap<>();
    JsonObject entries = typed(field, JsonObject.class, "an object").orElse(JsonValue.EMPTY_JSON_OBJECT);
    for (Map.Entry<String, JsonValue> entry : entries.entrySet()) {
      if (!(entry.getValue() instanceof JsonString text)) {
        throw malformed(field + "." + entry.getKey(), "must be text");
      }
      texts.put(entry.getKey(), text.getString());
    }
    return texts;
  }

  public JsonRecord object(String field) throws MalformedRecordException {
    return required(field, optionalObject(field));
  }

  public Optional<JsonRecord> optionalObject(String field) throws MalformedRecordException {
    return typed(field, JsonObject.class, "an object").map(each -> new JsonRecord(place + " " + field, each));
  }

  /** A list of objects; an absent one is empty. */
  public List<JsonRecord> objects(String field) throws MalformedRecordException {
    List<JsonRecord> objects = new ArrayList<>();
    for (JsonValue value : array(field)) {
      if (!(value instanceof JsonObject each)) {
        throw malformed(field, "must be a list of objects");
      }
      objects.add(new JsonRecord(place + " " + field + "[" + objects.size() + "]", each));
    }
    return List.copyOf(objects);
  }

  /** The exception for a field whose value its reader refuses. */
  public MalformedRecordException malformed(String field, String problem) {
    return new MalformedRecordException(place + ": field '" + field + "' " + problem);
  }

  private List<JsonValue> array(String field) throws MalformedRecordException {
    return typed(field, JsonArray.class, "a list").orElse(JsonValue.EMPTY_JSON_ARRAY);
  }

  private <T> T apply(String field, String text, Function<String, T> parser) throws MalformedRecordException {
    try {
      return parser.apply(text);
    } catch (IllegalArgumentException | DateTimeException e) {
      throw new MalformedRecordException(place + ": field '" + field + "' is wrong: " + e.getMessage(), e);
    }
  }

  private <T> T required(String field, Optional<T> value) throws MalformedRecordException {
    if (value.isEmpty()) {
      throw malformed(field, "is missing");
    }
    return value.get();
  }

  private <T extends JsonValue> Optional<T> typed(String field, Class<T> type, String expected)
      throws MalformedRecordException {
    JsonValue value = object.get(field);
    if (value == null) {
      return Optional.empty();
    }
    if (!type.isInstance(value)) {
      throw malformed(field, "must be " + expected);
    }
    return Optional.of(type.cast(value));
  }
}
