package dev.moorage.pool;

import dev.moorage.record.Fields;
import dev.moorage.record.JsonRecord;
import dev.moorage.record.MalformedRecordException;
import dev.moorage.volume.BackendKind;
import dev.moorage.volume.PoolId;
import dev.moorage.volume.PoolName;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What {@code pool.json} says: who the pool is and how it was meant when it was made. Written once, never changed, read on
 * whatever host the pool is on.
 *
 * @param name the name at creation; the settings of a host may call it something else
 * @param overcommit what the operator asked for at creation, empty for the default
 */
record PoolRecord(PoolId id, PoolName name, List<BackendKind> backends, Optional<Double> overcommit, Instant createdAt) {

  private static final int FORMAT = 1;

  static PoolRecord read(Path file) throws IOException {
    JsonRecord record = JsonRecord.read(file, FORMAT);
    return new PoolRecord(
        record.parsed("id", PoolId::parse),
        record.parsed("name", PoolName::new),
        record.parsedTexts("backends", BackendKind::parse),
        overcommit(record),
        record.instant("createdAt"));
  }

  private static Optional<Double> overcommit(JsonRecord record) throws MalformedRecordException {
    Optional<Double> value = record.optionalDecimal("overcommit");
    if (value.isPresent() && !(value.get() >= 1)) {
      throw record.malformed("overcommit", "must be at least 1");
    }
    return value;
  }

  void write(Path file) throws IOException {
    Fields fields = Fields.ofFormat(FORMAT)
        .text("id", id.toString())
        .text("name", name.value())
        .texts("backends", backends.stream().map(BackendKind::word).toList());
    overcommit.ifPresent(value -> fields.decimal("overcommit", value));
    fields.instant("createdAt", createdAt).writeTo(file);
  }
}
