package dev.moorage.storage;

import dev.moorage.record.Fields;
import dev.moorage.record.JsonRecord;
import dev.moorage.record.MalformedRecordException;
import dev.moorage.repository.RepositoryId;
import dev.moorage.repository.key.SlotKind;
import dev.moorage.volume.ByteSize;
import dev.moorage.volume.DedupScope;
import dev.moorage.volume.RepositoryName;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A repository that was made or added at run time, as the registry keeps it. The id is absent while it is being made.
 *
 * @param shown whether a recovery key of it was shown here, which somebody ought to have written down
 */
record RepositoryRecord(Optional<RepositoryId> id, RepositorySettings settings, boolean shown) {

  Fields fields() {
    Fields fields = new Fields()
        .text("id", id.map(RepositoryId::toString))
        .text("name", settings.name().value())
        .text("location", settings.location())
        .map("options", settings.options())
        .object("secret", new Fields().text("kind", settings.secret().kind().word()).text("path", settings.secret().path().toString()))
        .flag("recoveryKeyShown", shown);
    settings.uploadLimit().ifPresent(limit -> fields.number("uploadLimit", limit.bytes()));
    settings.downloadLimit().ifPresent(limit -> fields.number("downloadLimit", limit.bytes()));
    if (settings.dedup() != DedupScope.LINEAGE) {
      fields.text("dedup", settings.dedup().word());
    }
    return fields;
  }

  static RepositoryRecord read(JsonRecord record) throws MalformedRecordException {
    JsonRecord secret = record.object("secret");
    return new RepositoryRecord(record.optionalParsed("id", RepositoryId::parse), new RepositorySettings(
        record.parsed("name", RepositoryName::new),
        record.text("location"),
        record.map("options"),
        new SecretFile(secret.parsed("kind", SlotKind::parse), secret.parsed("path", Path::of)),
        size(record.optionalNumber("uploadLimit")),
        size(record.optionalNumber("downloadLimit")),
        record.optionalParsed("dedup", DedupScope::parse).orElse(DedupScope.LINEAGE)), record.flag("recoveryKeyShown"));
  }

  private static Optional<ByteSize> size(OptionalLong bytes) {
    return bytes.isPresent() ? Optional.of(new ByteSize(bytes.getAsLong())) : Optional.empty();
  }
}
