package dev.moorage.cli;

import static dev.moorage.cli.JsonText.text;
import static dev.moorage.cli.View.bytes;

import jakarta.json.JsonObject;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What moves to and from a repository, in lines of a word and what it is. */
final class TransferText {

  private TransferText() {}

  static Map<String, String> lines(JsonObject transfers, Instant now) {
    Map<String, String> lines = new LinkedHashMap<>();
    lines.put("moved", bytes(transfers, "readBytes") + " read and " + bytes(transfers, "sentBytes") + " stored for uploads, "
        + bytes(transfers, "restoredBytes") + " restored since the service began");
    lines.put("moving", bytes(transfers, "uploadBytesPerSecond") + "/s up, " + bytes(transfers, "restoreBytesPerSecond") + "/s down");
    lines.put("uploads", uploads(transfers, now));
    lines.put("last upload", text(transfers, "lastSuccess", "").isEmpty() ? "none"
        : Humans.age(text(transfers, "lastSuccess", ""), now) + " ago");
    lines.put("last error", text(transfers, "lastError", ""));
    return lines;
  }

  private static String uploads(JsonObject transfers, Instant now) {
    List<JsonObject> all = transfers.getJsonArray("waiting").getValuesAs(JsonObject.class);
    long failed = all.stream().filter(each -> Watching.state(each.getJsonObject("job")).equals("failed")).count();
    String oldest = text(transfers, "oldestWaiting", "");
    return all.size() - failed + " under way" + (oldest.isEmpty() ? "" : ", the oldest snapshot is " + Humans.age(oldest, now) + " old")
        + (failed == 0 ? "" : "; " + failed + " failed: 'moorage snapshot ls' shows which");
  }
}
