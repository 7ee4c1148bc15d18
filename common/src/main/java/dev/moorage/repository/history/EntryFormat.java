package dev.moorage.repository.history;

import dev.moorage.record.Fields;
import dev.moorage.record.JsonRecord;
import dev.moorage.record.MalformedRecordException;
import dev.moorage.repository.Hex128;
import dev.moorage.repository.SessionId;
import dev.moorage.repository.pack.BlobRef;
import dev.moorage.repository.pack.PackName;
import dev.moorage.volume.Owner;
import dev.moorage.volume.PoolId;
import dev.moorage.volume.SnapshotId;
import dev.moorage.volume.SnapshotName;
import dev.moorage.volume.VolumeId;
import dev.moorage.volume.VolumeName;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Entries of a history as JSON, before they are sealed. An entry repeats its seat, which must be that of its key. */
final class EntryFormat {

  static final int FORMAT = 1;

  private static final String SNAPSHOT = "snapshot";
  private static final String VOID = "void";
  private static final String TAKEOVER = "takeover";

  private EntryFormat() {}

  static byte[] write(HistoryEntry entry) {
    Fields fields = Fields.ofFormat(FORMAT)
        .text("volume", entry.seat().volume().toString())
        .number("seq", entry.seat().seq());
    switch (entry) {
      case SnapshotEntry snapshot -> snapshot(fields.text("kind", SNAPSHOT), snapshot);
      case VoidEntry empty -> fields.text("kind", VOID)
          .text("session", empty.session().toString())
          .text("collection", empty.collection().map(Hex128::toString));
      case TakeoverEntry takeover -> fields.text("kind", TAKEOVER)
          .text("pool", takeover.pool().toString())
          .text("host", takeover.host())
          .instant("at", takeover.at());
    }
    return fields.toBytes();
  }

  private static void snapshot(Fields fields, SnapshotEntry entry) {
    SnapshotEntry.Origin origin = entry.origin();
    fields.text("session", entry.session().toString())
        .text("snapshot", entry.snapshot().toString())
        .text("pool", origin.pool().toString())
        .text("host", origin.host())
        .text("owner", origin.owner().value())
        .text("volumeName", origin.volumeName().value())
        .text("tag", origin.tag().value())
        .text("lineage", origin.lineage().toString())
        .text("group", origin.group())
        .instant("cutAt", entry.cutAt())
        .number("size", entry.size())
        .number("blockBytes", entry.blockBytes())
        .map("spec", entry.spec())
        .objects("root", entry.root().stream().map(EntryFormat::blob).toList())
        .map("figures", texts(entry.figures()));
    entry.parent().ifPresent(seq -> fields.number("parent", seq));
  }

  private static Fields blob(BlobRef blob) {
    return new Fields()
        .text("session", blob.pack().session().toString())
        .text("pack", blob.pack().pack().toString())
        .number("ordinal", blob.ordinal())
        .number("offset", blob.offset())
        .number("sealedLength", blob.sealedLength())
        .number("plainLength", blob.plainLength());
  }

  private static Map<String, String> texts(Map<String, Long> figures) {
    Map<String, String> texts = new TreeMap<>();
    figures.forEach((name, value) -> texts.put(name, Long.toString(value)));
    return texts;
  }

  /** Reads the entry that was sealed at the key of {@code seat}. */
  static HistoryEntry read(Seat seat, byte[] plaintext) throws IOException {
    JsonRecord record = JsonRecord.parse(seat.key().value(), plaintext, FORMAT);
    if (!record.text("volume").equals(seat.volume().toString()) || record.number("seq") != seat.seq()) {
      throw record.malformed("seq", "names another seat than its key");
    }
    return switch (record.text("kind")) {
      case SNAPSHOT -> snapshot(seat, record);
      case VOID -> new VoidEntry(seat, record.parsed("session", SessionId::parse), record.optionalParsed("collection", Hex128::parse));
      case TAKEOVER ->
          new TakeoverEntry(seat, record.parsed("pool", PoolId::parse), record.text("host"), record.instant("at"));
      default -> throw record.malformed("kind", "is none that this Moorage knows: " + record.text("kind"));
    };
  }

  private static SnapshotEntry snapshot(Seat seat, JsonRecord record) throws MalformedRecordException {
    return new SnapshotEntry(
        seat,
        record.parsed("session", SessionId::parse),
        record.parsed("snapshot", SnapshotId::parse),
        new SnapshotEntry.Origin(
            record.parsed("pool", PoolId::parse),
            record.text("host"),
            record.parsed("owner", Owner::new),
            record.parsed("volumeName", VolumeName::new),
            record.parsed("tag", SnapshotName::new),
            record.parsed("lineage", VolumeId::parse),
            record.optionalText("group")),
        record.instant("cutAt"),
        record.number("size"),
        Math.toIntExact(record.number("blockBytes")),
        record.map("spec"),
        blobs(record),
        record.optionalNumber("parent"),
        figures(record));
  }

  private static List<BlobRef> blobs(JsonRecord record) throws MalformedRecordException {
    List<BlobRef> blobs = new ArrayList<>();
    for (JsonRecord each : record.objects("root")) {
      PackName pack = new PackName(each.parsed("session", SessionId::parse), each.parsed("pack", Hex128::parse));
      blobs.add(new BlobRef(pack, (int) each.number("ordinal"), (int) each.number("offset"),
          (int) each.number("sealedLength"), (int) each.number("plainLength")));
    }
    return blobs;
  }

  private static Map<String, Long> figures(JsonRecord record) throws MalformedRecordException {
    Map<String, Long> figures = new LinkedHashMap<>();
    for (Map.Entry<String, String> each : record.map("figures").entrySet()) {
      try {
        figures.put(each.getKey(), Long.valueOf(each.getValue()));
      } catch (NumberFormatException e) {
        throw record.malformed("figures." + each.getKey(), "must be a whole number");
      }
    }
    return figures;
  }
}
