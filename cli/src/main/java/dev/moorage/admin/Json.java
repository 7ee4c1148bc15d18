package dev.moorage.admin;

import dev.moorage.pool.PoolCapacity;
import dev.moorage.storage.Job;
import dev.moorage.storage.LastUpload;
import dev.moorage.storage.PoolStatus;
import dev.moorage.storage.TransferStatus;
import dev.moorage.storage.Trashed;
import dev.moorage.storage.VolumeStatus;
import dev.moorage.telemetry.Event;
import dev.moorage.volume.BackendKind;
import dev.moorage.volume.ContentSource;
import dev.moorage.volume.PoolName;
import dev.moorage.volume.RemoteCopy;
import dev.moorage.volume.Snapshot;
import dev.moorage.volume.Volume;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import jakarta.json.spi.JsonProvider;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/** The JSON form of everything that the admin API tells. Scripts rely on these fields: new ones may come, none may go. Absent values are null. */
final class Json {

  static final JsonProvider PROVIDER = JsonProvider.provider();

  private Json() {}

  static JsonObjectBuilder object() {
    return PROVIDER.createObjectBuilder();
  }

  static <T> JsonArrayBuilder array(Iterable<T> things, Function<T, JsonObjectBuilder> form) {
    JsonArrayBuilder array = PROVIDER.createArrayBuilder();
    things.forEach(thing -> array.add(form.apply(thing)));
    return array;
  }

  static JsonObjectBuilder volume(Volume volume, PoolName pool) {
    JsonObjectBuilder parameters = object();
    volume.parameters().forEach(parameters::add);
    JsonObjectBuilder json = object()
        .add("id", volume.id().toString())
        .add("name", volume.name().value())
        .add("owner", volume.owner().value())
        .add("pool", pool.value())
        .add("poolId", volume.pool().toString())
        .add("backend", volume.spec().backend().word())
        .add("access", volume.spec().access().word())
        .add("filesystem", volume.spec().filesystem().word())
        .add("sizeBytes", volume.spec().size().bytes())
        .add("preallocated", volume.spec().preallocated())
        .add("source", source(volume.source()))
        .add("lineage", volume.lineage().toString())
        .add("parameters", parameters)
        .add("createdAt", volume.createdAt().toString());
    return optional(json, "deletedAt", volume.deletedAt().map(Instant::toString));
  }

  static JsonObjectBuilder volume(VolumeStatus status) {
    JsonObjectBuilder json = volume(status.volume(), status.poolName());
    optional(json, "mountPoint", status.mountPoint().map(Object::toString));
    json.add("usedBytes", status.usedBytes())
        .add("allocatedBytes", status.allocatedBytes())
        .add("extents", status.extents())
        .add("consumers", status.consumers())
        .add("snapshots", array(status.snapshots(), Json::snapshot));
    json.add("uploads", array(status.uploads(), Json::upload));
    json.add("waiting", array(status.waiting(), Json::waiting));
    optional(json, "activity", status.activity());
    return optional(json, "lastError", status.lastError());
  }

  private static JsonObjectBuilder source(ContentSource source) {
    return switch (source) {
      case ContentSource.Empty() -> object().add("kind", "empty");
      case ContentSource.FromSnapshot(var id, String label, var _) ->
          object().add("kind", "snapshot").add("id", id.toString()).add("label", label);
      case ContentSource.FromRepository(var id, String label, var place, var arrivedAt, var _) -> optional(object()
          .add("kind", "repository").add("id", id.toString()).add("label", label).add("repository", place.repository())
          .add("repositoryId", place.repositoryId().toString()), "arrivedAt", arrivedAt.map(Instant::toString));
      case ContentSource.NeverSnapshotted(String label) -> object().add("kind", "never-snapshotted").add("label", label);
      case ContentSource.FromVolume(var id, String label) ->
          object().add("kind", "volume").add("id", id.toString()).add("label", label);
    };
  }

  static JsonObjectBuilder snapshot(Snapshot snapshot) {
    JsonObjectBuilder json = object()
        .add("id", snapshot.id().toString())
        .add("name", snapshot.name().value())
        .add("volume", snapshot.volumeName().value())
        .add("volumeId", snapshot.volume().toString())
        .add("owner", snapshot.owner().value())
        .add("poolId", snapshot.pool().toString())
        .add("backend", snapshot.spec().backend().word())
        .add("access", snapshot.spec().access().word())
        .add("filesystem", snapshot.spec().filesystem().word())
        .add("sizeBytes", snapshot.spec().size().bytes())
        .add("chargedBytes", snapshot.charged().bytes())
        .add("createdAt", snapshot.createdAt().toString());
    json.add("remotes", array(snapshot.remotes(), Json::remote));
    optional(json, "group", snapshot.group().map(Object::toString));
    return optional(json, "deletedAt", snapshot.deletedAt().map(Instant::toString));
  }

  /** With those of the uploads that are of it. */
  static JsonObjectBuilder snapshot(Snapshot snapshot, List<TransferStatus.Upload> waiting) {
    return snapshot(snapshot).add("waiting",
        array(waiting.stream().filter(each -> each.snapshot().equals(snapshot.id())).toList(), Json::waiting));
  }

  private static JsonObjectBuilder waiting(TransferStatus.Upload upload) {
    return object()
        .add("repository", upload.repository())
        .add("snapshot", upload.label())
        .add("cutAt", upload.cutAt().toString())
        .add("job", job(upload.job()));
  }

  static JsonObjectBuilder transfers(TransferStatus status) {
    JsonObjectBuilder json = object()
        .add("repository", status.repository())
        .add("readBytes", status.readBytes())
        .add("sentBytes", status.sentBytes())
        .add("restoredBytes", status.restoredBytes())
        .add("uploadBytesPerSecond", status.uploadBytesPerSecond())
        .add("restoreBytesPerSecond", status.restoreBytesPerSecond())
        .add("waiting", array(status.uploads(), Json::waiting));
    optional(json, "oldestWaiting", status.oldestWaiting().map(Instant::toString));
    optional(json, "lastSuccess", status.lastSuccess().map(Instant::toString));
    return optional(json, "lastError", status.lastError());
  }

  private static JsonObjectBuilder upload(LastUpload upload) {
    return object()
        .add("repository", upload.repository())
        .add("snapshot", upload.label())
        .add("seq", upload.seq())
        .add("at", upload.at().toString())
        .add("distrust", upload.distrust().<JsonValue>map(why -> object()
            .add("snapshot", why.snapshot()).add("blocks", why.blocks()).add("at", why.at().toString()).build()).orElse(JsonValue.NULL));
  }

  private static JsonObjectBuilder remote(RemoteCopy copy) {
    return object()
        .add("repository", copy.repository())
        .add("repositoryId", copy.repositoryId().toString())
        .add("seq", copy.seq())
        .add("committedAt", copy.committedAt().toString());
  }

  static JsonObjectBuilder pool(PoolStatus pool, long trashBytes) {
    JsonArrayBuilder backends = PROVIDER.createArrayBuilder();
    pool.settings().backends().stream().map(BackendKind::word).forEach(backends::add);
    JsonObjectBuilder json = object()
        .add("id", pool.id().toString())
        .add("name", pool.settings().name().value())
        .add("path", pool.settings().root().toString())
        .add("default", pool.byDefault())
        .add("automatic", pool.automatic())
        .add("backends", backends)
        .add("overcommit", pool.overcommit())
        .add("defaultSizeBytes", pool.settings().defaultSize().bytes())
        .add("trashRetentionSeconds", pool.settings().trashRetention().toSeconds());
    pool.capacity().map(Json::capacity).ifPresentOrElse(capacity -> json.add("capacity", capacity), () -> json.addNull("capacity"));
    json.add("chargedBytes", pool.chargedBytes())
        .add("volumes", pool.volumes())
        .add("snapshots", pool.snapshots())
        .add("trashed", pool.trashed())
        .add("trashBytes", trashBytes);
    return optional(json, "problem", pool.problem());
  }

  private static JsonObjectBuilder capacity(PoolCapacity capacity) {
    return object()
        .add("totalBytes", capacity.total())
        .add("freeBytes", capacity.free())
        .add("growableBytes", capacity.growable())
        .add("promisableBytes", capacity.promisable());
  }

  static JsonObjectBuilder trashed(Trashed trashed) {
    return object()
        .add("id", trashed.id())
        .add("kind", trashed.kind())
        .add("owner", trashed.owner())
        .add("label", trashed.label())
        .add("allocatedBytes", trashed.allocatedBytes())
        .add("deletedAt", trashed.deletedAt().toString())
        .add("emptiedAfter", trashed.emptiedAfter().toString());
  }

  static JsonObjectBuilder job(Job job) {
    JsonObjectBuilder json = object()
        .add("id", job.id())
        .add("kind", job.kind())
        .add("subject", job.subject())
        .add("state", job.state().name().toLowerCase(Locale.ROOT))
        .add("fraction", job.fraction())
        .add("startedAt", job.startedAt().toString());
    optional(json, "note", job.note());
    job.progress().ifPresentOrElse(progress -> json.add("doneBytes", progress.doneBytes()).add("totalBytes", progress.totalBytes())
        .add("bytesPerSecond", progress.bytesPerSecond()),
        () -> json.addNull("doneBytes").addNull("totalBytes").addNull("bytesPerSecond"));
    return optional(json, "error", job.error());
  }

  static JsonObjectBuilder event(Event event) {
    return object()
        .add("number", event.number())
        .add("at", event.at().toString())
        .add("door", event.door())
        .add("verb", event.verb())
        .add("subject", event.subject())
        .add("outcome", event.outcome())
        .add("millis", event.millis())
        .add("detail", event.detail());
  }

  static JsonObject serving(Serving serving) {
    JsonObjectBuilder json = object().add("version", serving.version()).add("pid", ProcessHandle.current().pid());
    return optional(json, "dockerSocket", serving.dockerSocket().map(Path::toString)).add("runDir", serving.runDir().toString()).build();
  }

  static JsonObject only(String key, JsonObjectBuilder value) {
    return object().add(key, value).build();
  }

  static JsonObject only(String key, JsonArrayBuilder values) {
    return object().add(key, values).build();
  }

  private static JsonObjectBuilder optional(JsonObjectBuilder json, String key, Optional<String> value) {
    return value.map(text -> json.add(key, text)).orElseGet(() -> json.addNull(key));
  }
}
