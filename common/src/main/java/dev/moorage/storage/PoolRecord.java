package dev.moorage.storage;

import dev.moorage.pool.PoolFileSettings;
import dev.moorage.pool.PoolSettings;
import dev.moorage.record.Fields;
import dev.moorage.record.JsonRecord;
import dev.moorage.record.MalformedRecordException;
import dev.moorage.volume.BackendKind;
import dev.moorage.volume.ByteSize;
import dev.moorage.volume.PoolId;
import dev.moorage.volume.PoolName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** A pool that was made or adopted at run time, as the registry keeps it. The id is absent while the pool is being made. */
record PoolRecord(Optional<PoolId> id, PoolSettings settings) {

  Fields fields() {
    PoolFileSettings file = settings.file();
    return new Fields()
        .text("id", id.map(PoolId::toString))
        .text("name", settings.name().value())
        .text("root", settings.root().toString())
        .texts("backends", settings.backends().stream().map(BackendKind::word).toList())
        .number("defaultSize", settings.defaultSize().bytes())
        .number("trashRetentionSeconds", settings.trashRetention().toSeconds())
        .object("file", new Fields()
            .number("initial", file.initial().bytes())
            .number("headroom", file.headroom().bytes())
            .number("step", file.step().bytes())
            .decimal("hostReserve", file.hostReserve()))
        .text("overcommit", settings.overcommit().map(String::valueOf));
  }

  static PoolRecord read(JsonRecord record) throws MalformedRecordException {
    JsonRecord file = record.object("file");
    return new PoolRecord(record.optionalParsed("id", PoolId::parse), new PoolSettings(
        record.parsed("name", PoolName::new),
        record.parsed("root", Path::of),
        record.parsedTexts("backends", BackendKind::parse),
        record.optionalParsed("overcommit", Double::valueOf),
        new ByteSize(record.number("defaultSize")),
        Duration.ofSeconds(record.number("trashRetentionSeconds")),
        new PoolFileSettings(new ByteSize(file.number("initial")), new ByteSize(file.number("headroom")),
            new ByteSize(file.number("step")), file.decimal("hostReserve"))));
  }
}
