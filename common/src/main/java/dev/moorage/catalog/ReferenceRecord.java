package dev.moorage.catalog;

import dev.moorage.record.Fields;
import dev.moorage.record.JsonRecord;
import dev.moorage.record.MalformedRecordException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The references of one volume as a record holds them. */
final class ReferenceRecord {

  private static final String COUNTED = "counted";
  private static final String ONCE = "once";

  private ReferenceRecord() {}

  static List<Fields> fields(References references) {
    return references.entries().entrySet().stream()
        .sorted(Comparator.comparing(each -> each.getKey().value()))
        .map(each -> new Fields()
            .text("kind", kind(each.getKey()))
            .text("key", each.getKey().value())
            .number("count", each.getValue().count())
            .number("epoch", each.getValue().epoch()))
        .toList();
  }

  static References read(JsonRecord record) throws MalformedRecordException {
    Map<ReferenceKey, References.Entry> entries = new HashMap<>();
    for (JsonRecord each : record.objects("references")) {
      long count = each.number("count");
      if (count < 1 || count > Integer.MAX_VALUE) {
        throw each.malformed("count", "must be at least 1");
      }
      entries.put(key(each), new References.Entry((int) count, each.number("epoch")));
    }
    return new References(entries);
  }

  private static String kind(ReferenceKey key) {
    return switch (key) {
      case ReferenceKey.Counted _ -> COUNTED;
      case ReferenceKey.Once _ -> ONCE;
    };
  }

  private static ReferenceKey key(JsonRecord record) throws MalformedRecordException {
    String key = record.text("key");
    String kind = record.text("kind");
    return switch (kind) {
      case COUNTED -> new ReferenceKey.Counted(key);
      case ONCE -> new ReferenceKey.Once(key);
      default -> throw record.malformed("kind", "must be counted or once");
    };
  }
}
