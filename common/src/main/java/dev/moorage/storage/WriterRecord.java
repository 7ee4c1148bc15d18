package dev.moorage.storage;

import dev.moorage.record.Fields;
import dev.moorage.record.JsonRecord;
import dev.moorage.record.MalformedRecordException;
import dev.moorage.repository.Hex128;
import dev.moorage.repository.RepositoryId;
import dev.moorage.repository.SessionId;
import dev.moorage.repository.Upload;
import dev.moorage.repository.history.Seat;
import dev.moorage.storage.LastUpload.Distrust;
import dev.moorage.volume.SnapshotId;
import dev.moorage.volume.VolumeId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What this pool's disk knows of the history of one volume in one repository: {@code bases/VOLUME-REPOSITORY/base.json}.
 *
 * @param known the number of the newest seat that this pool itself took, 0 for none: by it a copy of the pool is found out
 * @param attempts sessions that are not known to be over, the newest last
 * @param last the newest snapshot that was committed; its image is kept as the base of the next one until it is dropped
 * @param distrust tells that extent maps were found to lie about this volume: then every upload of it reads everything
 */
record WriterRecord(Key key, long known, List<Upload.Attempt> attempts, Optional<Last> last, Optional<Distrust> distrust) {

  static final String FILE = "base.json";
  private static final int FORMAT = 1;

  WriterRecord {
    attempts = List.copyOf(attempts);
  }

  /** A volume in a repository. */
  record Key(VolumeId volume, RepositoryId repository) {
    String directory() {
      return volume + "-" + repository;
    }
  }

  /** The newest upload. {@code repository} is what it was called then. */
  record Last(SnapshotId snapshot, String label, String repository, long seq, Instant at) {}

  static WriterRecord none(Key key) {
    return new WriterRecord(key, 0, List.of(), Optional.empty(), Optional.empty());
  }

  WriterRecord attempted(Upload.Attempt attempt) {
    List<Upload.Attempt> more = new ArrayList<>(attempts);
    more.add(attempt);
    return new WriterRecord(key, known, more, last, distrust);
  }

  WriterRecord committed(Last newest) {
    return new WriterRecord(key, newest.seq(), List.of(), Optional.of(newest), distrust);
  }

  /** This pool is the writer from that seat on. */
  WriterRecord tookOver(long seq) {
    return new WriterRecord(key, seq, attempts, last, distrust);
  }

  /** The extent maps were found to lie. */
  WriterRecord distrusting(Distrust why) {
    return new WriterRecord(key, known, attempts, last, Optional.of(why));
  }

  boolean distrusts() {
    return distrust.isPresent();
  }

  static WriterRecord read(Path directory) throws IOException {
    JsonRecord record = JsonRecord.read(directory.resolve(FILE), FORMAT);
    Key key = new Key(record.parsed("volume", VolumeId::parse), record.parsed("repository", RepositoryId::parse));
    List<Upload.Attempt> attempts = new ArrayList<>();
    for (JsonRecord each : record.objects("attempts")) {
      attempts.add(new Upload.Attempt(new SessionId(each.parsed("session", Hex128::parse)), new Seat(key.volume(), each.number("seq")),
          each.parsed("snapshot", SnapshotId::parse)));
    }
    Optional<JsonRecord> last = record.optionalObject("last");
    return new WriterRecord(key, record.number("known"), attempts, last.isEmpty() ? Optional.empty() : Optional.of(readLast(last.get())),
        readDistrust(record));
  }

  private static Optional<Distrust> readDistrust(JsonRecord record) throws MalformedRecordException {
    Optional<JsonRecord> why = record.optionalObject("distrust");
    if (why.isPresent()) {
      JsonRecord found = why.get();
      return Optional.of(new Distrust(found.text("snapshot"), found.number("blocks"), found.instant("at")));
    }
    // Earlier records have the flag alone.
    return record.optionalFlag("distrusts").orElse(false) ? Optional.of(new Distrust("", 0, Instant.EPOCH)) : Optional.empty();
  }

  private static Last readLast(JsonRecord record) throws MalformedRecordException {
    return new Last(record.parsed("snapshot", SnapshotId::parse), record.text("label"), record.text("repository"), record.number("seq"),
        record.instant("at"));
  }

  void write(Path directory) throws IOException {
    Fields.ofFormat(FORMAT)
        .text("volume", key.volume().toString())
        .text("repository", key.repository().toString())
        .number("known", known)
        .flag("distrusts", distrusts())
        .object("distrust", distrust.map(each -> new Fields()
            .text("snapshot", each.snapshot())
            .number("blocks", each.blocks())
            .instant("at", each.at())))
        .objects("attempts", attempts.stream().map(each -> new Fields()
            .text("session", each.session().toString())
            .number("seq", each.seat().seq())
            .text("snapshot", each.snapshot().toString())).toList())
        .object("last", last.map(each -> new Fields()
            .text("snapshot", each.snapshot().toString())
            .text("label", each.label())
            .text("repository", each.repository())
            .number("seq", each.seq())
            .instant("at", each.at())))
        .writeTo(directory.resolve(FILE));
  }
}
