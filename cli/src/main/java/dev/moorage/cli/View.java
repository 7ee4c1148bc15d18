package dev.moorage.cli;

import static dev.moorage.cli.JsonText.text;

import jakarta.json.JsonArray;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** How a kind of thing is shown in a table, and what it is called in a list of names. */
record View(List<Column> columns, Function<JsonObject, String> name) {

  /** One column: its title as in {@link Table}, and what a thing has in it. */
  record Column(String title, Function<JsonObject, String> cell) {}

  static View volumes(Instant now) {
    return new View(List.of(
        new Column("NAME", View::volumeName),
        new Column("POOL", json -> text(json, "pool", "-")),
        new Column("BACKEND", json -> text(json, "backend", "-")),
        new Column("TYPE", View::type),
        new Column(">SIZE", json -> bytes(json, "sizeBytes")),
        new Column(">USED", json -> bytes(json, "usedBytes")),
        new Column(">SNAPSHOTS", json -> Integer.toString(count(json, "snapshots"))),
        new Column(">USERS", json -> number(json, "consumers")),
        new Column(">AGE", json -> Humans.age(text(json, "createdAt", ""), now)),
        new Column("NOTE", View::note)), View::volumeName);
  }

  static View snapshots(Instant now) {
    return new View(List.of(
        new Column("NAME", View::snapshotName),
        new Column(">SIZE", json -> bytes(json, "sizeBytes")),
        new Column(">HOLDS", json -> bytes(json, "chargedBytes")),
        new Column("TYPE", View::type),
        new Column("GROUP", json -> text(json, "group", "-")),
        new Column("ALSO IN", View::remotes),
        new Column(">AGE", json -> Humans.age(text(json, "createdAt", ""), now))), View::snapshotName);
  }

  /** The repositories that hold a copy, and those that shall: {@code backups, offsite (40 %)}. */
  static String remotes(JsonObject json) {
    Stream<String> there = objects(json, "remotes").map(each -> text(each, "repository", "?"));
    Stream<String> coming = objects(json, "waiting").map(each -> text(each, "repository", "?") + " (" + stand(each.getJsonObject("job")) + ")");
    String all = Stream.concat(there, coming).collect(Collectors.joining(", "));
    return all.isEmpty() ? "-" : all;
  }

  private static Stream<JsonObject> objects(JsonObject json, String field) {
    return json.get(field) instanceof JsonArray array ? array.getValuesAs(JsonObject.class).stream() : Stream.empty();
  }

  private static String stand(JsonObject job) {
    return switch (Watching.state(job)) {
      case "waiting" -> "waits";
      case "failed" -> "failed";
      default -> Math.round(100 * job.getJsonNumber("fraction").doubleValue()) + " %";
    };
  }

  static View pools() {
    return new View(List.of(
        new Column("NAME", json -> text(json, "name", "-") + (json.getBoolean("default", false) ? " *" : "")),
        new Column("PATH", json -> text(json, "path", "-")),
        new Column("KIND", json -> json.getBoolean("automatic", false) ? "pool file" : "directory"),
        new Column(">TOTAL", json -> capacity(json, "totalBytes")),
        new Column(">FREE", json -> capacity(json, "freeBytes")),
        new Column(">CAN GROW", json -> capacity(json, "growableBytes")),
        new Column(">PROMISED", json -> bytes(json, "chargedBytes")),
        new Column(">OF", json -> capacity(json, "promisableBytes")),
        new Column(">VOLUMES", json -> number(json, "volumes")),
        new Column(">SNAPSHOTS", json -> number(json, "snapshots")),
        new Column(">TRASH", json -> bytes(json, "trashBytes")),
        new Column("PROBLEM", json -> text(json, "problem", ""))), json -> text(json, "name", ""));
  }

  static View trash(Instant now) {
    return new View(List.of(
        new Column("KIND", json -> text(json, "kind", "-")),
        new Column("NAME", View::trashedName),
        new Column(">HOLDS", json -> bytes(json, "allocatedBytes")),
        new Column(">DELETED", json -> Humans.age(text(json, "deletedAt", ""), now) + " ago"),
        new Column(">EMPTIED IN", json -> Humans.span(Duration.between(now, Instant.parse(text(json, "emptiedAfter", now.toString())))))),
        View::trashedName);
  }

  static View events() {
    return new View(List.of(
        new Column("AT", json -> text(json, "at", "-")),
        new Column("DOOR", json -> text(json, "door", "-")),
        new Column("WHAT", json -> text(json, "verb", "-")),
        new Column("OF", json -> text(json, "subject", "-")),
        new Column("OUTCOME", json -> text(json, "outcome", "-")),
        new Column(">MS", json -> number(json, "millis")),
        new Column("DETAIL", json -> text(json, "detail", ""))), json -> number(json, "number"));
  }

  /** What other commands understand: {@code db} for a volume of the command line, {@code docker/db} for others'. */
  static String volumeName(JsonObject json) {
    return owned(json, text(json, "name", "-"));
  }

  static String snapshotName(JsonObject json) {
    return owned(json, text(json, "volume", "-") + "@" + text(json, "name", "-"));
  }

  private static String trashedName(JsonObject json) {
    return owned(json, text(json, "label", "-"));
  }

  private static String owned(JsonObject json, String name) {
    String owner = text(json, "owner", "local");
    return owner.equals("local") ? name : owner + "/" + name;
  }

  static String type(JsonObject json) {
    if (text(json, "access", "").equals("block")) {
      return "block";
    }
    return text(json, "backend", "").equals("directory") ? "directory" : text(json, "filesystem", "-");
  }

  private static String note(JsonObject json) {
    String activity = text(json, "activity", "");
    return activity.isEmpty() && !text(json, "lastError", "").isEmpty() ? "error: see inspect" : activity;
  }

  static String bytes(JsonObject json, String field) {
    return json.get(field) instanceof JsonNumber number ? Humans.size(number.longValue()) : "-";
  }

  private static String capacity(JsonObject json, String field) {
    return json.get("capacity") instanceof JsonObject capacity ? bytes(capacity, field) : "-";
  }

  static String number(JsonObject json, String field) {
    return json.get(field) instanceof JsonNumber number ? number.toString() : "-";
  }

  static int count(JsonObject json, String field) {
    return json.get(field) instanceof JsonArray array ? array.size() : 0;
  }
}
