package dev.moorage.catalog;

import dev.moorage.record.Fields;
import dev.moorage.record.JsonRecord;
import dev.moorage.record.MalformedRecordException;
import dev.moorage.volume.Owner;
import dev.moorage.volume.PoolId;
import dev.moorage.volume.RemoteCopy;
import dev.moorage.volume.Snapshot;
import dev.moorage.volume.SnapshotId;
import dev.moorage.volume.SnapshotName;
import dev.moorage.volume.VolumeId;
import dev.moorage.volume.VolumeName;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** {@code snapshot.json}: the record of a snapshot, in its home. The format is described in docs/on-disk-format.md. */
final class SnapshotRecord {

  static final String FILE = "snapshot.json";
  static final int FORMAT = 1;

  private SnapshotRecord() {}

  /** Writes or replaces the record in the home at {@code directory}; durable on return. */
  static void write(Path directory, Snapshot snapshot) throws IOException {
    fields(snapshot).writeTo(directory.resolve(FILE));
  }

  static Fields fields(Snapshot snapshot) {
    return Fields.ofFormat(FORMAT)
        .text("id", snapshot.id().toString())
        .text("volume", snapshot.volume().toString())
        .text("owner", snapshot.owner().value())
        .text("volumeName", snapshot.volumeName().value())
        .text("name", snapshot.name().value())
        .text("pool", snapshot.pool().toString())
        .object("spec", SpecFields.of(snapshot.spec()))
        .text("lineage", snapshot.lineage().toString())
        .number("filesystemSize", snapshot.filesystemSize().bytes())
        .number("charged", snapshot.charged().bytes())
        .text("group", snapshot.group().map(UUID::toString))
        .instant("createdAt", snapshot.createdAt())
        .instant("deletedAt", snapshot.deletedAt())
        .objects("remotes", snapshot.remotes().stream().map(SnapshotRecord::remote).toList());
  }

  /** Reads the record in the home at {@code directory}; see {@link JsonRecord#read} for what it throws. */
  static Snapshot read(Path directory) throws IOException {
    JsonRecord record = JsonRecord.read(directory.resolve(FILE), FORMAT);
    return new Snapshot(
        record.parsed("id", SnapshotId::parse),
        record.parsed("volume", VolumeId::parse),
        record.parsed("owner", Owner::new),
        record.parsed("volumeName", VolumeName::new),
        record.parsed("name", SnapshotName::new),
        record.parsed("pool", PoolId::parse),
        SpecFields.read(record.object("spec")),
        record.parsed("lineage", VolumeId::parse),
        SpecFields.size(record, "filesystemSize"),
        SpecFields.size(record, "charged"),
        record.optionalParsed("group", UUID::fromString),
        record.instant("createdAt"),
        record.optionalInstant("deletedAt"),
        readRemotes(record));
  }

  private static Fields remote(RemoteCopy copy) {
    return new Fields()
        .text("repository", copy.repository())
        .text("repositoryId", copy.repositoryId().toString())
        .number("seq", copy.seq())
        .instant("committedAt", copy.committedAt());
  }

  private static List<RemoteCopy> readRemotes(JsonRecord record) throws MalformedRecordException {
    List<RemoteCopy> copies = new ArrayList<>();
    for (JsonRecord each : record.objects("remotes")) {
      copies.add(new RemoteCopy(each.text("repository"), each.parsed("repositoryId", UUID::fromString), each.number("seq"),
          each.instant("committedAt")));
    }
    return copies;
  }
}
