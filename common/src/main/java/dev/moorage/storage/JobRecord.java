package dev.moorage.storage;

import dev.moorage.record.Fields;
import dev.moorage.record.JsonRecord;
import dev.moorage.volume.VolumeId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/** A job as {@code jobs/ID.json} of its pool has it. {@code fraction} is not kept: a resumed job begins anew. */
record JobRecord(
    String id, String kind, String subject, VolumeId volume, Job.State state, Instant startedAt, Optional<String> error) {

  static final String SUFFIX = ".json";
  private static final int FORMAT = 1;

  static JobRecord read(Path file) throws IOException {
    JsonRecord record = JsonRecord.read(file, FORMAT);
    return new JobRecord(record.text("id"), record.text("kind"), record.text("subject"), record.parsed("volume", VolumeId::parse),
        record.parsed("state", Job.State::valueOf), record.instant("startedAt"), record.optionalText("error"));
  }

  void write(Path directory) throws IOException {
    Fields.ofFormat(FORMAT)
        .text("id", id)
        .text("kind", kind)
        .text("subject", subject)
        .text("volume", volume.toString())
        .text("state", state.name())
        .instant("startedAt", startedAt)
        .text("error", error)
        .writeTo(file(directory));
  }

  Path file(Path directory) {
    return directory.resolve(id + SUFFIX);
  }

  JobRecord ended(Optional<String> failure) {
    return new JobRecord(id, kind, subject, volume, failure.isEmpty() ? Job.State.DONE : Job.State.FAILED, startedAt, failure);
  }
}
