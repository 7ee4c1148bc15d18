package dev.moorage.catalog;

import dev.moorage.record.Fields;
import dev.moorage.record.JsonRecord;
import dev.moorage.record.MalformedRecordException;
import dev.moorage.volume.Access;
import dev.moorage.volume.BackendKind;
import dev.moorage.volume.ByteSize;
import dev.moorage.volume.FilesystemType;
import dev.moorage.volume.VolumeSpec;
import java.util.Optional;
import java.util.OptionalLong;

/** The parts that the records of volumes and snapshots have in common. Sizes are numbers of bytes. */
final class SpecFields {

  private SpecFields() {}

  static Fields of(VolumeSpec spec) {
    return new Fields()
        .number("size", spec.size().bytes())
        .text("backend", spec.backend().word())
        .text("access", spec.access().word())
        .text("filesystem", spec.filesystem().word())
        .flag("preallocated", spec.preallocated());
  }

  static VolumeSpec read(JsonRecord record) throws MalformedRecordException {
    return new VolumeSpec(
        size(record, "size"),
        record.parsed("backend", BackendKind::parse),
        record.parsed("access", Access::parse),
        record.parsed("filesystem", FilesystemType::parse),
        record.flag("preallocated"));
  }

  static ByteSize size(JsonRecord record, String field) throws MalformedRecordException {
    long bytes = record.number(field);
    if (bytes < 0) {
      throw record.malformed(field, "must not be negative");
    }
    return ByteSize.ofBytes(bytes);
  }

  static Optional<ByteSize> optionalSize(JsonRecord record, String field) throws MalformedRecordException {
    OptionalLong bytes = record.optionalNumber(field);
    return bytes.isEmpty() ? Optional.empty() : Optional.of(size(record, field));
  }
}
