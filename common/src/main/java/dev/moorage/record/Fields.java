package dev.moorage.record;

import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The fields of a record to be written. The same fields in the same order give the same bytes: indented, UTF-8, maps sorted by
 * key, a line feed at the end. An empty {@link Optional} leaves its field out. Not safe for use by several threads.
 */
public final class Fields {

  static final String FORMAT = "format";

  private final JsonObjectBuilder object = Json.PROVIDER.createObjectBuilder();

  /** Begins a part of a record. */
  public Fields() {}

  /** Begins a record of this format number, which {@link JsonRecord#read} checks. */
  public static Fields ofFormat(int format) {
    return new Fields().number(FORMAT, format);
  }

  public Fields text(String field, String value) {
    object.add(field, value);
    return this;
  }

  public Fields text(String field, Optional<String> value) {
    value.ifPresent(each -> object.add(field, each));
    return this;
  }

  public Fields number(String field, long value) {
    object.add(field, value);
    return this;
  }

  public Fields decimal(String field, double value) {
    object.add(field, value);
    return this;
  }

  public Fields flag(String field, boolean value) {
    object.add(field, value);
    return this;
  }

  public Fields instant(String field, Instant value) {
    return text(field, value.toString());
  }

  public Fields instant(String field, Optional<Instant> value) {
    return text(field, value.map(Instant::toString));
  }

  public Fields texts(String field, List<String> values) {
    JsonArrayBuilder array = Json.PROVIDER.createArrayBuilder();
    values.forEach(array::add);
    object.add(field, array);
    return this;
  }

  public Fields map(String field, Map<String, String> values) {
    JsonObjectBuilder entries = Json.PROVIDER.createObjectBuilder();
    new TreeMap<>(values).forEach(entries::add);
    object.add(field, entries);
    return this;
  }

  public Fields object(String field, Fields value) {
    object.add(field, value.object);
    return this;
  }

  public Fields object(String field, Optional<Fields> value) {
    value.ifPresent(each -> object.add(field, each.object));
    return this;
  }

  public Fields objects(String field, List<Fields> values) {
    JsonArrayBuilder array = Json.PROVIDER.createArrayBuilder();
    values.forEach(each -> array.add(each.object));
    object.add(field, array);
    return this;
  }

  /** The bytes of the record. Call it once: the fields are gone afterwards. */
  public byte[] toBytes() {
    JsonObject built = object.build();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonWriter writer = Json.WRITERS.createWriter(bytes)) {
      writer.write(built);
    }
    bytes.write('\n');
    return bytes.toByteArray();
  }

  /** Writes the record as an {@link AtomicFile}. */
  public void writeTo(Path file) throws IOException {
    AtomicFile.write(file, toBytes());
  }
}
