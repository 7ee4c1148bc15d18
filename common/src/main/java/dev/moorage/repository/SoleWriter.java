package dev.moorage.repository;

import dev.moorage.record.Fields;
import dev.moorage.record.JsonRecord;
import java.io.IOException;
import java.time.Instant;

/**
 * The one host that may write to a repository whose store cannot keep several apart.
 *
 * @param id drawn once by that host, and kept on its disk; a copy of the machine has the same
 * @param host its name, for people
 * @param since when it became the writer, by its clock, for people
 */
public record SoleWriter(Hex128 id, String host, Instant since) {

  private static final int FORMAT = 1;

  byte[] toBytes() {
    return Fields.ofFormat(FORMAT).text("id", id.toString()).text("host", host).instant("since", since).toBytes();
  }

  static SoleWriter parse(String place, byte[] plaintext) throws IOException {
    JsonRecord record = JsonRecord.parse(place, plaintext, FORMAT);
    return new SoleWriter(record.parsed("id", Hex128::parse), record.text("host"), record.instant("since"));
  }
}
