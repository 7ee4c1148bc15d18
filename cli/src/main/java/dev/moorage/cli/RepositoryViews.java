package dev.moorage.cli;

import static dev.moorage.cli.JsonText.text;
import static dev.moorage.cli.View.bytes;
import static dev.moorage.cli.View.number;

import dev.moorage.cli.View.Column;
import jakarta.json.JsonArray;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How repositories and what is in them are shown. */
final class RepositoryViews {

  private RepositoryViews() {}

  static View repositories() {
    return new View(List.of(
        new Column("NAME", json -> text(json, "name", "-")),
        new Column("LOCATION", json -> text(json, "location", "-")),
        new Column("KNOWN FROM", json -> json.getBoolean("configured", false) ? "configuration" : "command"),
        new Column("RECOVERY KEY", json -> text(json, "recoveryKey", "-")),
        new Column("PROBLEM", json -> text(json, "problem", ""))), json -> text(json, "name", ""));
  }

  static View snapshots(Instant now) {
    return new View(List.of(
        new Column("NAME", RepositoryViews::snapshotName),
        new Column(">SIZE", json -> bytes(json, "sizeBytes")),
        new Column(">ADDED", json -> bytes(json, "addedBytes")),
        new Column(">AGE", json -> Humans.age(text(json, "cutAt", ""), now)),
        new Column("GROUP", RepositoryViews::group),
        new Column("EXACT NAME", json -> text(json, "exact", "-"))), json -> text(json, "exact", ""));
  }

  /** The beginning of its id, and of how many snapshots it is: {@code 1f0c9a2e (of 3)}. */
  private static String group(JsonObject json) {
    String group = text(json, "group", "");
    if (group.isEmpty()) {
      return "-";
    }
    String members = json.get("spec") instanceof JsonObject spec ? text(spec, "groupMembers", "") : "";
    return group.substring(0, Math.min(8, group.length())) + (members.isEmpty() ? "" : " (of " + members + ")");
  }

  static String snapshotName(JsonObject json) {
    return text(json, "host", "-") + "/" + text(json, "owner", "-") + "/" + text(json, "volume", "-") + "@" + text(json, "name", "-");
  }

  /** An entry of a history that cannot be read. */
  static String unreadable(JsonObject json) {
    return text(json, "exact", "") + ": " + text(json, "object", "") + " " + text(json, "reason", "");
  }

  static View keys() {
    return new View(List.of(
        new Column("ID", json -> text(json, "id", "-")),
        new Column("KIND", json -> text(json, "kind", "-")),
        new Column("MADE", json -> text(json, "createdAt", "-")),
        new Column("LABEL", json -> text(json, "label", ""))), json -> text(json, "id", ""));
  }

  /** Everything about one repository; {@code json} has its contents too when it could be opened. */
  static String details(JsonObject json, Instant now) {
    StringBuilder text = new StringBuilder("repository " + text(json, "name", "-") + "\n");
    line(text, "id", text(json, "id", ""));
    line(text, "location", text(json, "location", ""));
    line(text, "unlocked by", text(json, "keyFile", text(json, "passphraseFile", "")));
    if (json.containsKey("recoveryKey")) {
      line(text, "recovery key", recoveryKey(json));
    }
    if (json.get("requests") instanceof JsonObject requests) {
      line(text, "requests", requests(requests));
    }
    if (json.get("transfers") instanceof JsonObject transfers) {
      TransferText.lines(transfers, now).forEach((word, value) -> line(text, word, value));
    }
    if (json.get("contents") instanceof JsonObject contents) {
      line(text, "blocks", bytes(contents, "blockBytes") + " each, made " + text(contents, "createdAt", ""));
      line(text, "writer", contents.getBoolean("singleWriter", false)
          ? text(contents, "writer", "nobody yet") + " alone; nothing would notice a second one that writes at the same moment" : "");
      line(text, "stored", bytes(contents, "packBytes") + " in " + number(contents, "packs") + " packs");
      each(contents, "keys", key -> line(text, "key", text(key, "kind", "") + " " + text(key, "id", "") + " " + text(key, "label", "")));
      each(contents, "volumes", volume -> line(text, "volume", text(volume, "host", "") + "/" + text(volume, "owner", "") + "/"
          + text(volume, "volume", "") + ", " + number(volume, "snapshots") + " snapshots that added " + bytes(volume, "addedBytes")
          + ", the newest " + text(volume, "newest", "") + " of " + Humans.age(text(volume, "newestCutAt", ""), now) + " ago"));
    }
    if (json.get("contents") instanceof JsonObject contents) {
      each(contents, "unreadable", each -> line(text, "damaged", unreadable(each)));
    }
    if (json.get("usage") instanceof JsonObject usage) {
      usage(text, usage);
    }
    line(text, "problem", text(json, "problem", ""));
    return text.toString();
  }

  private static String recoveryKey(JsonObject json) {
    return switch (text(json, "recoveryKey", "")) {
      case "confirmed" -> "was asked back";
      case "unconfirmed" -> "was shown and never asked back: run 'moorage repository confirm-key " + text(json, "name", "") + "'";
      default -> "was not shown on this host";
    };
  }

  /** What takes the space; a collection deletes whole packs, so what several need counts for none. */
  private static void usage(StringBuilder text, JsonObject usage) {
    JsonObject unused = usage.getJsonObject("unused");
    line(text, "unused", bytes(unused, "bytes") + " in " + number(unused, "packs") + " packs: a gc deletes them, unless an upload is storing them");
    Map<String, String> names = new HashMap<>();
    each(usage, "snapshots", each -> names.putIfAbsent(text(each, "volumeId", ""),
        text(each, "host", "") + "/" + text(each, "owner", "") + "/" + text(each, "volume", "")));
    each(usage, "volumes", each -> line(text, "volume", names.getOrDefault(text(each, "volumeId", ""), "-") + " takes "
        + bytes(each, "freedBytes") + ": forgetting all its snapshots frees that"));
    each(usage, "snapshots", each -> line(text, "snapshot", snapshotName(each) + ": forgetting it alone frees " + bytes(each, "freedBytes")));
  }

  private interface Visitor {
    void visit(JsonObject json);
  }

  private static void each(JsonObject json, String field, Visitor visitor) {
    if (json.get(field) instanceof JsonArray array) {
      for (JsonValue value : array) {
        visitor.visit(value.asJsonObject());
      }
    }
  }

  private static String requests(JsonObject requests) {
    long count = 0;
    for (Map.Entry<String, JsonValue> each : requests.getJsonObject("sent").entrySet()) {
      count += ((JsonNumber) each.getValue()).longValue();
    }
    return count + " since the service started, " + bytes(requests, "bytesSent") + " sent, " + bytes(requests, "bytesReceived") + " received";
  }

  private static void line(StringBuilder text, String word, String value) {
    if (!value.isEmpty()) {
      text.append(String.format("  %-13s %s%n", word, value));
    }
  }
}
