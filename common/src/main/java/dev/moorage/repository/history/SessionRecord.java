package dev.moorage.repository.history;

import dev.moorage.record.Fields;
import dev.moorage.record.JsonRecord;
import dev.moorage.repository.SessionId;
import dev.moorage.volume.VolumeId;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a session's object says. It never changes; a heartbeat writes the same once more.
 *
 * @param seat the seat that a writer means to take, and the only one it may take; empty for a reader
 * @param host where it runs, for people
 * @param purpose what it does, for people
 * @param started when it began, by the clock of its host, for people
 */
public record SessionRecord(SessionId id, Optional<Seat> seat, String host, String purpose, Instant started) {

  private static final int FORMAT = 1;

  /** Whether it only reads. */
  public boolean isReader() {
    return seat.isEmpty();
  }

  byte[] toBytes() {
    Fields fields = Fields.ofFormat(FORMAT)
        .text("id", id.toString())
        .flag("reader", isReader())
        .text("volume", seat.map(each -> each.volume().toString()))
        .text("host", host)
        .text("purpose", purpose)
        .instant("started", started);
    seat.ifPresent(each -> fields.number("seq", each.seq()));
    return fields.toBytes();
  }

  static SessionRecord parse(String place, byte[] plaintext) throws IOException {
    JsonRecord record = JsonRecord.parse(place, plaintext, FORMAT);
    Optional<VolumeId> volume = record.optionalParsed("volume", VolumeId::parse);
    OptionalLong seq = record.optionalNumber("seq");
    boolean reader = record.flag("reader");
    if (reader == (volume.isPresent() && seq.isPresent())) {
      throw record.malformed("seq", "belongs to a writer, and only to a writer");
    }
    return new SessionRecord(
        record.parsed("id", SessionId::parse),
        reader ? Optional.empty() : Optional.of(new Seat(volume.orElseThrow(), seq.orElseThrow())),
        record.text("host"),
        record.text("purpose"),
        record.instant("started"));
  }
}
