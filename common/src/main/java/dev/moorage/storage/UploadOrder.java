package dev.moorage.storage;

import dev.moorage.repository.history.SnapshotEntry;
import dev.moorage.volume.DedupScope;
import dev.moorage.volume.Owner;
import dev.moorage.volume.PoolId;
import dev.moorage.volume.Snapshot;
import dev.moorage.volume.SnapshotId;
import dev.moorage.volume.SnapshotName;
import dev.moorage.volume.VolumeId;
import dev.moorage.volume.VolumeName;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * What is to be uploaded where, as the record of its job has it: everything, because the snapshot's own record may be deleted before the
 * upload has ended.
 */
record UploadOrder(
    SnapshotId snapshot, String repository, Owner owner, VolumeName volumeName, SnapshotName tag, VolumeId lineage,
    Optional<String> group, Instant cutAt, Optional<DedupScope> dedup, Map<String, String> spec) {

  private static final System.Logger LOG = System.getLogger(UploadOrder.class.getName());
  private static final String SPEC = "spec.";

  /** {@code members} is how many snapshots its group has, when it is of one. */
  static UploadOrder of(Snapshot snapshot, Destination to, int members) {
    Map<String, String> spec = new HashMap<>(new SpecWords(snapshot.spec(), snapshot.filesystemSize()).words());
    snapshot.group().ifPresent(_ -> spec.put(SpecWords.GROUP_MEMBERS, Integer.toString(members)));
    return new UploadOrder(snapshot.id(), to.repository(), snapshot.owner(), snapshot.volumeName(), snapshot.name(), snapshot.lineage(),
        snapshot.group().map(UUID::toString), snapshot.createdAt(), to.dedup(), spec);
  }

  boolean isOf(Snapshot other, String otherRepository) {
    return snapshot.equals(other.id()) && repository.equals(otherRepository);
  }

  SnapshotEntry.Origin origin(PoolId pool, String host) {
    return new SnapshotEntry.Origin(pool, host, owner, volumeName, tag, lineage, group);
  }

  String label() {
    return volumeName + "@" + tag;
  }

  Map<String, String> parameters() {
    Map<String, String> words = new HashMap<>();
    words.put("snapshot", snapshot.toString());
    words.put("repository", repository);
    words.put("owner", owner.value());
    words.put("volumeName", volumeName.value());
    words.put("tag", tag.value());
    words.put("lineage", lineage.toString());
    group.ifPresent(each -> words.put("group", each));
    words.put("cutAt", cutAt.toString());
    dedup.ifPresent(each -> words.put("dedup", each.word()));
    spec.forEach((word, value) -> words.put(SPEC + word, value));
    return words;
  }

  /** Empty when the record is damaged, or another Moorage wrote it. */
  static Optional<UploadOrder> of(JobRecord record) {
    try {
      return Optional.of(read(record.parameters()));
    } catch (IllegalArgumentException | DateTimeException e) {
      LOG.log(System.Logger.Level.WARNING, "job " + record.id() + " cannot be read", e);
      return Optional.empty();
    }
  }

  private static UploadOrder read(Map<String, String> words) {
    Map<String, String> spec = new HashMap<>();
    words.forEach((word, value) -> {
      if (word.startsWith(SPEC)) {
        spec.put(word.substring(SPEC.length()), value);
      }
    });
    return new UploadOrder(SnapshotId.parse(word(words, "snapshot")), word(words, "repository"), new Owner(word(words, "owner")),
        new VolumeName(word(words, "volumeName")), new SnapshotName(word(words, "tag")), VolumeId.parse(word(words, "lineage")),
        Optional.ofNullable(words.get("group")), Instant.parse(word(words, "cutAt")),
        Optional.ofNullable(words.get("dedup")).map(DedupScope::parse), spec);
  }

  private static String word(Map<String, String> words, String key) {
    String value = words.get(key);
    if (value == null) {
      throw new IllegalArgumentException("the record of an upload has no " + key);
    }
    return value;
  }
}
