package dev.moorage.record;

import jakarta.json.JsonConfig;
import jakarta.json.JsonReaderFactory;
import jakarta.json.JsonWriterFactory;
import jakarta.json.spi.JsonProvider;
import jakarta.json.stream.JsonGenerator;
import java.util.Map;

/** The JSON provider, looked up once per process: each look-up searches the whole class path. */
final class Json {

  static final JsonProvider PROVIDER = JsonProvider.provider();

  /** Refuses an object that has a field twice. */
  static final JsonReaderFactory READERS =
      PROVIDER.createReaderFactory(Map.of(JsonConfig.KEY_STRATEGY, JsonConfig.KeyStrategy.NONE));

  static final JsonWriterFactory WRITERS = PROVIDER.createWriterFactory(Map.of(JsonGenerator.PRETTY_PRINTING, true));

  private Json() {}
}
