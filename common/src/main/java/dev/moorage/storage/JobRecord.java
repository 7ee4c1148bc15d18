package dev.moorage.storage;

import dev.moorage.record.Fields;
import dev.moorage.record.JsonRecord;
import dev.moorage.volume.VolumeId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * A job as {@code jobs/ID.json} of its pool has it; what it works with besides is in the directory {@code jobs/ID/}. {@code parameters}
 * are the kind's own. The fraction is not kept: a resumed job finds out what is done.
 */
record JobRecord(
    String id,
    String kind,
    String subject,
    VolumeId volume,
    Map<String, String> parameters,
    Job.State state,
    Instant startedAt,
    Optional<String> error) {

  static final String SUFFIX = ".json";
  private static final int FORMAT = 1;
  private static final String CANCELLED = "cancelled";

  JobRecord {
    parameters = Map.copyOf(parameters);
  }

  static JobRecord begun(String kind, String subject, VolumeId volume, Map<String, String> parameters, Instant now) {
    return new JobRecord(UUID.randomUUID().toString(), kind, subject, volume, parameters, Job.State.RUNNING, now, Optional.empty());
  }

  static JobRecord read(Path file) throws IOException {
    JsonRecord record = JsonRecord.read(file, FORMAT);
    return new JobRecord(record.text("id"), record.text("kind"), record.text("subject"), record.parsed("volume", VolumeId::parse),
        record.map("parameters"), record.parsed("state", Job.State::valueOf), record.instant("startedAt"), record.optionalText("error"));
  }

  void write(Path directory) throws IOException {
    Fields.ofFormat(FORMAT)
        .text("id", id)
        .text("kind", kind)
        .text("subject", subject)
        .text("volume", volume.toString())
        .map("parameters", parameters)
        .text("state", state.name())
        .instant("startedAt", startedAt)
        .text("error", error)
        .writeTo(file(directory));
  }

  Path file(Path directory) {
    return directory.resolve(id + SUFFIX);
  }

  JobRecord ended(Job.State end, Optional<String> failure) {
    return new JobRecord(id, kind, subject, volume, parameters, end, startedAt, failure);
  }

  /** The same, with a word that the kind keeps. */
  JobRecord with(String key, String value) {
    Map<String, String> words = new HashMap<>(parameters);
    words.put(key, value);
    return new JobRecord(id, kind, subject, volume, words, state, startedAt, error);
  }

  /** Whether somebody does not want it any more: it shall end, over a restart too. */
  boolean isCancelled() {
    return parameters.containsKey(CANCELLED);
  }

  /** The same, not wanted any more. */
  JobRecord cancelled() {
    return with(CANCELLED, "true");
  }

  /** The same, tried once more. */
  JobRecord again() {
    Map<String, String> words = new HashMap<>(parameters);
    words.remove(CANCELLED);
    return new JobRecord(id, kind, subject, volume, words, Job.State.RUNNING, startedAt, Optional.empty());
  }
}
