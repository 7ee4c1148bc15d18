package dev.moorage.catalog;

import dev.moorage.record.Fields;
import dev.moorage.record.JsonRecord;
import dev.moorage.record.MalformedRecordException;
import dev.moorage.volume.ByteSize;
import dev.moorage.volume.ContentSource;
import dev.moorage.volume.ContentSource.Asked;
import dev.moorage.volume.Owner;
import dev.moorage.volume.PoolId;
import dev.moorage.volume.RemotePlace;
import dev.moorage.volume.SizeRange;
import dev.moorage.volume.SnapshotId;
import dev.moorage.volume.Volume;
import dev.moorage.volume.VolumeId;
import dev.moorage.volume.VolumeName;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;

/** {@code volume.json}: the record of a volume, in its home. The format is described in docs/on-disk-format.md. */
final class VolumeRecord {

  static final String FILE = "volume.json";
  static final int FORMAT = 1;

  private VolumeRecord() {}

  /** Writes or replaces the record in the home at {@code directory}; durable on return. */
  static void write(Path directory, Volume volume) throws IOException {
    fields(volume).writeTo(directory.resolve(FILE));
  }

  static Fields fields(Volume volume) {
    return Fields.ofFormat(FORMAT)
        .text("id", volume.id().toString())
        .text("owner", volume.owner().value())
        .text("name", volume.name().value())
        .text("pool", volume.pool().toString())
        .object("spec", SpecFields.of(volume.spec()))
        .object("requested", requested(volume.requested()))
        .object("source", source(volume.source()))
        .text("lineage", volume.lineage().toString())
        .texts("capabilities", volume.capabilities())
        .map("parameters", volume.parameters())
        .instant("createdAt", volume.createdAt())
        .number("filesystemSize", volume.filesystemSize().bytes())
        .instant("deletedAt", volume.deletedAt());
  }

  /** Reads the record in the home at {@code directory}; see {@link JsonRecord#read} for what it throws. */
  static Volume read(Path directory) throws IOException {
    return parse(JsonRecord.read(directory.resolve(FILE), FORMAT));
  }

  private static Volume parse(JsonRecord record) throws MalformedRecordException {
    return new Volume(
        record.parsed("id", VolumeId::parse),
        record.parsed("owner", Owner::new),
        record.parsed("name", VolumeName::new),
        record.parsed("pool", PoolId::parse),
        SpecFields.read(record.object("spec")),
        readRequested(record.object("requested")),
        readSource(record.object("source")),
        record.parsed("lineage", VolumeId::parse),
        record.texts("capabilities"),
        record.map("parameters"),
        record.instant("createdAt"),
        SpecFields.size(record, "filesystemSize"),
        record.optionalInstant("deletedAt"));
  }

  private static Fields requested(SizeRange range) {
    Fields fields = new Fields().number("required", range.required().bytes());
    range.limit().ifPresent(limit -> fields.number("limit", limit.bytes()));
    return fields;
  }

  private static SizeRange readRequested(JsonRecord record) throws MalformedRecordException {
    ByteSize required = SpecFields.size(record, "required");
    Optional<ByteSize> limit = SpecFields.optionalSize(record, "limit");
    if (limit.isPresent() && limit.get().compareTo(required) < 0) {
      throw record.malformed("limit", "is below the required size");
    }
    return new SizeRange(required, limit);
  }

  private static Fields source(ContentSource source) {
    return switch (source) {
      case ContentSource.Empty() -> new Fields().text("kind", "empty");
      case ContentSource.FromSnapshot(SnapshotId id, String label, var asked) ->
          asked(new Fields().text("kind", "snapshot").text("id", id.toString()).text("label", label), asked);
      case ContentSource.FromVolume(VolumeId id, String label) ->
          new Fields().text("kind", "volume").text("id", id.toString()).text("label", label);
      case ContentSource.FromRepository(SnapshotId id, String label, RemotePlace place, var arrivedAt, var asked) ->
          asked(new Fields().text("kind", "repository").text("id", id.toString()).text("label", label)
              .text("repository", place.repository())
              .text("repositoryId", place.repositoryId().toString())
              .text("volume", place.volume().toString())
              .number("seq", place.seq())
              .instant("arrivedAt", arrivedAt), asked);
      case ContentSource.NeverSnapshotted(String label) -> new Fields().text("kind", "never-snapshotted").text("label", label);
    };
  }

  private static Fields asked(Fields source, Optional<Asked> asked) {
    asked.ifPresent(how -> source.object("asked",
        new Fields().text("words", how.words()).text("host", how.host()).text("owner", how.owner().value())));
    return source;
  }

  private static Optional<Asked> readAsked(JsonRecord source) throws MalformedRecordException {
    Optional<JsonRecord> asked = source.optionalObject("asked");
    return asked.isEmpty() ? Optional.empty()
        : Optional.of(new Asked(asked.get().text("words"), asked.get().text("host"), asked.get().parsed("owner", Owner::new)));
  }

  private static ContentSource readSource(JsonRecord record) throws MalformedRecordException {
    String kind = record.text("kind");
    return switch (kind) {
      case "empty" -> new ContentSource.Empty();
      case "snapshot" -> new ContentSource.FromSnapshot(record.parsed("id", SnapshotId::parse), record.text("label"), readAsked(record));
      case "volume" -> new ContentSource.FromVolume(record.parsed("id", VolumeId::parse), record.text("label"));
      case "repository" -> new ContentSource.FromRepository(record.parsed("id", SnapshotId::parse), record.text("label"),
          new RemotePlace(record.text("repository"), record.parsed("repositoryId", UUID::fromString),
              record.parsed("volume", VolumeId::parse), record.number("seq")), record.optionalInstant("arrivedAt"), readAsked(record));
      case "never-snapshotted" -> new ContentSource.NeverSnapshotted(record.text("label"));
      default -> throw record.malformed("kind", "must be empty, snapshot, volume, repository or never-snapshotted");
    };
  }
}
