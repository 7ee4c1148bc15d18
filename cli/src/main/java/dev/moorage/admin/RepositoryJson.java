package dev.moorage.admin;

import dev.moorage.repository.Inventory;
import dev.moorage.repository.KeyRotation;
import dev.moorage.repository.SoleWriter;
import dev.moorage.repository.history.SnapshotEntry;
import dev.moorage.repository.key.KeySlot;
import dev.moorage.repository.key.SlotKind;
import dev.moorage.repository.verify.VerifyReport;
import dev.moorage.storage.RemoteSnapshots;
import dev.moorage.storage.RepositoryContents;
import dev.moorage.storage.RepositoryRun;
import dev.moorage.storage.RepositorySettings;
import dev.moorage.storage.RepositoryStatus;
import dev.moorage.telemetry.StoreMeter;
import dev.moorage.volume.ByteSize;
import jakarta.json.JsonObjectBuilder;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The JSON form of repositories and what is in them, the same from the admin API and from a command that works without the service.
 * Scripts rely on these fields: new ones may come, none may go. Absent values are null; nothing is secret.
 */
public final class RepositoryJson {

  private RepositoryJson() {}

  static JsonObjectBuilder repository(RepositoryStatus status) {
    RepositorySettings settings = status.settings();
    JsonObjectBuilder options = Json.object();
    settings.options().forEach(options::add);
    JsonObjectBuilder json = Json.object().add("name", settings.name().value());
    optional(json, "id", status.id().map(Object::toString))
        .add("location", settings.location())
        .add("options", options);
    optional(json, "keyFile", path(settings, SlotKind.KEY_FILE));
    optional(json, "passphraseFile", path(settings, SlotKind.PASSPHRASE));
    limit(json, "uploadLimit", settings.uploadLimit());
    limit(json, "downloadLimit", settings.downloadLimit());
    json.add("dedup", settings.dedup().word())
        .add("configured", status.configured())
        .add("open", status.open())
        .add("recoveryKey", status.recoveryKey().name().toLowerCase(Locale.ROOT));
    return optional(json, "problem", status.problem()).add("requests", requests(status.requests()));
  }

  private static Optional<String> path(RepositorySettings settings, SlotKind kind) {
    return Optional.of(settings.secret()).filter(secret -> secret.kind() == kind).map(secret -> secret.path().toString());
  }

  private static void limit(JsonObjectBuilder json, String field, Optional<ByteSize> limit) {
    limit.ifPresentOrElse(size -> json.add(field, size.bytes()), () -> json.addNull(field));
  }

  private static JsonObjectBuilder requests(StoreMeter.Counts counts) {
    return Json.object()
        .add("sent", numbers(counts.requests()))
        .add("failed", numbers(counts.failures()))
        .add("bytesSent", counts.bytesSent())
        .add("bytesReceived", counts.bytesReceived());
  }

  private static JsonObjectBuilder numbers(Map<String, Long> numbers) {
    JsonObjectBuilder json = Json.object();
    numbers.forEach(json::add);
    return json;
  }

  /** What a repository holds. */
  public static JsonObjectBuilder contents(RepositoryContents contents) {
    JsonObjectBuilder json = Json.object()
        .add("id", contents.header().id().toString())
        .add("createdAt", contents.header().createdAt().toString())
        .add("blockBytes", contents.header().blockBytes())
        .add("singleWriter", contents.header().singleWriter());
    return optional(json, "writer", contents.writer().map(SoleWriter::host))
        .add("packs", contents.packs().count())
        .add("packBytes", contents.packs().bytes())
        .add("keys", Json.array(contents.keys(), RepositoryJson::key))
        .add("volumes", Json.array(contents.volumes(), RepositoryJson::volume))
        .add("unreadable", Json.array(contents.unread(), RepositoryJson::unread));
  }

  /** What histories have. */
  public static JsonObjectBuilder inventory(Inventory inventory) {
    return Json.object()
        .add("snapshots", Json.array(inventory.snapshots(), RepositoryJson::snapshot))
        .add("unreadable", Json.array(inventory.unread(), RepositoryJson::unread));
  }

  /** An entry that cannot be read. */
  public static JsonObjectBuilder unread(Inventory.Unread unread) {
    return Json.object().add("exact", unread.seat().toString()).add("object", unread.why().object()).add("reason", unread.why().reason());
  }

  private static JsonObjectBuilder volume(RepositoryContents.OfVolume volume) {
    SnapshotEntry newest = volume.newest();
    return Json.object()
        .add("volumeId", newest.seat().volume().toString())
        .add("volume", newest.origin().volumeName().value())
        .add("owner", newest.origin().owner().value())
        .add("host", newest.origin().host())
        .add("sizeBytes", newest.size())
        .add("snapshots", volume.snapshots())
        .add("addedBytes", volume.addedBytes())
        .add("newest", newest.origin().tag().value())
        .add("newestCutAt", newest.cutAt().toString());
  }

  static JsonObjectBuilder key(KeySlot slot) {
    return Json.object()
        .add("id", slot.id().toString())
        .add("kind", slot.kind().word())
        .add("label", slot.label())
        .add("createdAt", slot.createdAt().toString());
  }

  /** What a rotation of keys did; its recovery key is shown here and never again. */
  public static JsonObjectBuilder rotation(KeyRotation.Outcome outcome) {
    JsonObjectBuilder json = Json.object()
        .add("epoch", outcome.epoch())
        .add("keys", Json.array(outcome.slots(), RepositoryJson::key))
        .add("removed", Json.array(outcome.removed(), RepositoryJson::key))
        .add("left", Json.array(outcome.left(), RepositoryJson::key));
    return optional(json, "recoveryKey", outcome.recoveryKey());
  }

  /** A committed snapshot. */
  public static JsonObjectBuilder snapshot(SnapshotEntry entry) {
    SnapshotEntry.Origin origin = entry.origin();
    JsonObjectBuilder spec = Json.object();
    entry.spec().forEach(spec::add);
    JsonObjectBuilder json = Json.object()
        .add("exact", RemoteSnapshots.exact(entry))
        .add("id", entry.snapshot().toString())
        .add("name", origin.tag().value())
        .add("volume", origin.volumeName().value())
        .add("volumeId", entry.seat().volume().toString())
        .add("number", entry.seat().seq())
        .add("owner", origin.owner().value())
        .add("host", origin.host())
        .add("poolId", origin.pool().toString())
        .add("lineage", origin.lineage().toString())
        .add("sizeBytes", entry.size())
        .add("addedBytes", RepositoryContents.addedBytes(entry))
        .add("cutAt", entry.cutAt().toString())
        .add("spec", spec);
    return optional(json, "group", origin.group());
  }

  static JsonObjectBuilder run(RepositoryRun run) {
    JsonObjectBuilder json = Json.object()
        .add("repository", run.repository().value())
        .add("state", run.state().name().toLowerCase(Locale.ROOT))
        .add("stage", run.stage())
        .add("done", run.done())
        .add("total", run.total())
        .add("startedAt", run.startedAt().toString());
    run.report().map(UsageJson::report).ifPresentOrElse(report -> json.add("report", report), () -> json.addNull("report"));
    return optional(json, "error", run.error());
  }

  /** What a verification found. */
  public static JsonObjectBuilder report(VerifyReport report) {
    return Json.object()
        .add("sound", report.isSound())
        .add("snapshots", report.snapshots())
        .add("packs", report.packs())
        .add("packsRead", report.packsRead())
        .add("bytesRead", report.bytesRead())
        .add("findings", Json.array(report.findings(), finding -> Json.object()
            .add("object", finding.object())
            .add("reason", finding.reason())
            .add("snapshots", Json.PROVIDER.createArrayBuilder(finding.snapshots()))));
  }

  private static JsonObjectBuilder optional(JsonObjectBuilder json, String key, Optional<String> value) {
    return value.map(text -> json.add(key, text)).orElseGet(() -> json.addNull(key));
  }
}
