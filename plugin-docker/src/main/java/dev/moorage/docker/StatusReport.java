package dev.moorage.docker;

import dev.moorage.storage.VolumeStatus;
import dev.moorage.volume.Access;
import dev.moorage.volume.ByteSize;
import dev.moorage.volume.ContentSource;
import dev.moorage.volume.RemoteCopy;
import dev.moorage.volume.Snapshot;
import dev.moorage.volume.Volume;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.time.temporal.ChronoUnit;

/** What {@code docker volume inspect} shows as {@code Status}. */
final class StatusReport {

  private StatusReport() {}

  static JsonObject of(VolumeStatus status) {
    JsonObjectBuilder report = lasting(status.volume())
        .add("pool", status.poolName().value())
        .add("consumers", status.consumers());
    addSize(report, "used", status.usedBytes());
    addSize(report, "allocated", status.allocatedBytes());
    JsonArrayBuilder snapshots = Wire.array();
    for (Snapshot snapshot : status.snapshots()) {
      snapshots.add(Wire.object()
          .add("name", snapshot.name().value())
          .add("created", snapshot.createdAt().truncatedTo(ChronoUnit.SECONDS).toString())
          .add("size", snapshot.charged().toString())
          .add("alsoIn", repositories(snapshot)));
    }
    report.add("snapshots", snapshots);
    if (!status.uploads().isEmpty()) {
      JsonArrayBuilder uploads = Wire.array();
      status.uploads().forEach(upload -> uploads.add(Wire.object()
          .add("snapshot", upload.label())
          .add("repository", upload.repository())
          .add("at", upload.at().truncatedTo(ChronoUnit.SECONDS).toString())));
      report.add("lastUploads", uploads);
    }
    if (!status.waiting().isEmpty()) {
      JsonArrayBuilder waiting = Wire.array();
      status.waiting().forEach(upload -> waiting.add(Wire.object()
          .add("snapshot", upload.label())
          .add("repository", upload.repository())
          .add("state", upload.job().inWords())));
      report.add("uploads", waiting);
    }
    status.activity().ifPresent(activity -> report.add("activity", activity));
    status.lastError().ifPresent(error -> report.add("lastError", error));
    return report.build();
  }

  private static JsonArrayBuilder repositories(Snapshot snapshot) {
    JsonArrayBuilder names = Wire.array();
    snapshot.remotes().stream().map(RemoteCopy::repository).forEach(names::add);
    return names;
  }

  /** Of a volume that exists, but about which no more can be learnt now. */
  static JsonObject ofTrouble(Volume volume, String reason) {
    return lasting(volume).add("problem", reason).build();
  }

  private static void addSize(JsonObjectBuilder report, String name, long bytes) {
    if (bytes >= 0) {
      report.add(name, ByteSize.ofBytes(bytes).toString()).add(name + "Bytes", bytes);
    }
  }

  /** What the volume's record says. */
  private static JsonObjectBuilder lasting(Volume volume) {
    JsonObjectBuilder report = Wire.object()
        .add("id", volume.id().toString())
        .add("size", volume.spec().size() + (isDefaultSize(volume) ? " (default)" : ""))
        .add("sizeBytes", volume.spec().size().bytes())
        .add("backend", volume.spec().backend().word())
        .add("access", volume.spec().access().word())
        .add("owner", volume.owner().value())
        .add("createdFrom", source(volume.source()));
    if (volume.spec().access() == Access.FILESYSTEM) {
      report.add("filesystem", volume.spec().filesystem().word());
    }
    return report;
  }

  private static boolean isDefaultSize(Volume volume) {
    return volume.source() instanceof ContentSource.Empty && !volume.parameters().containsKey(CreateOptions.SIZE.word())
        && volume.requested().contains(volume.spec().size()) && volume.requested().required().equals(volume.spec().size());
  }

  private static String source(ContentSource source) {
    return switch (source) {
      case ContentSource.Empty _ -> "nothing";
      case ContentSource.FromSnapshot snapshot -> "snapshot " + snapshot.label();
      case ContentSource.FromRepository remote -> "snapshot " + remote.label() + " of repository " + remote.place().repository();
      case ContentSource.NeverSnapshotted none -> "nothing: " + none.label() + " never had a snapshot";
      case ContentSource.FromVolume volume -> "volume " + volume.label();
    };
  }
}
