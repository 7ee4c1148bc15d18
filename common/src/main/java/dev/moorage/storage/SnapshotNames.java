package dev.moorage.storage;

import dev.moorage.catalog.Catalog;
import dev.moorage.volume.Snapshot;
import dev.moorage.volume.SnapshotName;
import dev.moorage.volume.VolumeId;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Set;
import java.util.stream.Collectors;

/** Names made from the time, free among the snapshots of a volume. */
final class SnapshotNames {

  private static final DateTimeFormatter PLAIN = DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter SAFETY =
      DateTimeFormatter.ofPattern("'before-rollback-'yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

  private SnapshotNames() {}

  /** Such as {@code 20261121T141530Z}. */
  static SnapshotName automatic(Catalog catalog, VolumeId volume, Instant now) {
    return free(catalog, volume, PLAIN.format(now));
  }

  /** Such as {@code before-rollback-20261121-141530}. */
  static SnapshotName safety(Catalog catalog, VolumeId volume, Instant now) {
    return free(catalog, volume, SAFETY.format(now));
  }

  private static SnapshotName free(Catalog catalog, VolumeId volume, String wanted) {
    Set<String> taken = catalog.snapshotsOf(volume).stream().map(Snapshot::name).map(SnapshotName::value).collect(Collectors.toSet());
    String name = wanted;
    for (int number = 2; taken.contains(name); number++) {
      name = wanted + "-" + number;
    }
    return new SnapshotName(name);
  }
}
