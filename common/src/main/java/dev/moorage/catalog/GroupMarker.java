package dev.moorage.catalog;

import dev.moorage.pool.PoolLayout;
import dev.moorage.record.AtomicFile;
import dev.moorage.record.Fields;
import dev.moorage.record.JsonRecord;
import dev.moorage.volume.SnapshotId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;

/**
 * {@code tmp/group-ID.json}: the decision that a group of snapshots shall exist. It is written when all members are whole and recorded
 * under {@code tmp/}, and removed when all are in place. While it is there the group will be completed; without it, members under
 * {@code tmp/} are rolled back. So a group is all or nothing wherever the process dies.
 */
record GroupMarker(Path file, List<SnapshotId> members) {

  private static final String PREFIX = "group-";
  private static final String SUFFIX = ".json";
  private static final int FORMAT = 1;

  static GroupMarker of(PoolLayout layout, UUID group, List<SnapshotId> members) {
    return new GroupMarker(layout.tmp().resolve(PREFIX + group + SUFFIX), List.copyOf(members));
  }

  static boolean isNamed(String file) {
    return file.startsWith(PREFIX) && file.endsWith(SUFFIX);
  }

  static boolean isUnfinished(String file) {
    return file.startsWith(PREFIX) && file.endsWith(SUFFIX + AtomicFile.UNFINISHED);
  }

  static GroupMarker read(Path file) throws IOException {
    return new GroupMarker(file, JsonRecord.read(file, FORMAT).parsedTexts("snapshots", SnapshotId::parse));
  }

  void write() throws IOException {
    Fields.ofFormat(FORMAT).texts("snapshots", members.stream().map(SnapshotId::toString).toList()).writeTo(file);
  }

  void delete() throws IOException {
    AtomicFile.delete(file);
  }
}
