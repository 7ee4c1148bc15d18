package dev.moorage.cli;

import static dev.moorage.cli.JsonText.text;
import static dev.moorage.cli.View.bytes;
import static dev.moorage.cli.View.number;

import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.time.Duration;
import java.time.Instant;

/** One thing as a paragraph: a title and lines of a word and what it is. */
final class Details {

  private static final int WORD_WIDTH = 12;

  private final StringBuilder text = new StringBuilder();

  private Details(String title) {
    text.append(title).append('\n');
  }

  private Details line(String word, String value) {
    if (!value.isEmpty()) {
      text.append("  ").append(word).append(" ".repeat(Math.max(1, WORD_WIDTH - word.length()))).append(value).append('\n');
    }
    return this;
  }

  @Override
  public String toString() {
    return text.toString();
  }

  static String volume(JsonObject json, Instant now) {
    Details details = new Details("volume " + View.volumeName(json))
        .line("id", text(json, "id", ""))
        .line("owner", text(json, "owner", ""))
        .line("pool", text(json, "pool", ""))
        .line("backend", backend(json))
        .line("size", bytes(json, "sizeBytes") + ", " + bytes(json, "usedBytes") + " used, " + bytes(json, "allocatedBytes")
            + " taken from the pool")
        .line("extents", json.getInt("extents", 0) <= 0 ? "" : number(json, "extents"))
        .line("mounted", text(json, "mountPoint", "no"))
        .line("users", number(json, "consumers"))
        .line("made", text(json, "createdAt", "") + " (" + Humans.age(text(json, "createdAt", ""), now) + " ago)"
            + source(json.getJsonObject("source")))
        .line("doing", text(json, "activity", ""))
        .line("last error", text(json, "lastError", ""));
    if (json.get("snapshots") instanceof JsonArray snapshots) {
      for (JsonValue snapshot : snapshots) {
        String remotes = View.remotes(snapshot.asJsonObject());
        details.line("snapshot", View.snapshotName(snapshot.asJsonObject()) + ", "
            + Humans.age(text(snapshot.asJsonObject(), "createdAt", ""), now) + " ago" + (remotes.equals("-") ? "" : ", also in " + remotes));
      }
    }
    if (json.get("waiting") instanceof JsonArray waiting) {
      for (JsonObject upload : waiting.getValuesAs(JsonObject.class)) {
        JsonObject job = upload.getJsonObject("job");
        details.line("uploading", text(upload, "snapshot", "") + " to " + text(upload, "repository", "") + ": "
            + (Watching.state(job).equals("failed") ? "failed: " + text(job, "error", "") : Watching.progress(job)));
      }
    }
    if (json.get("uploads") instanceof JsonArray uploads) {
      for (JsonObject upload : uploads.getValuesAs(JsonObject.class)) {
        details.line("uploaded", text(upload, "snapshot", "") + " to " + text(upload, "repository", "") + ", "
            + Humans.age(text(upload, "at", ""), now) + " ago");
        details.line("distrust", upload.get("distrust") instanceof JsonObject why ? "extent maps were found to lie at "
            + text(why, "snapshot", "") + ": each upload reads everything" : "");
      }
    }
    return details.toString();
  }

  private static String backend(JsonObject json) {
    String backend = text(json, "backend", "");
    String type = View.type(json);
    return backend + (type.equals(backend) ? "" : ", " + type) + (json.getBoolean("preallocated", false) ? ", preallocated" : "");
  }

  private static String source(JsonObject source) {
    return text(source, "kind", "empty").equals("empty") ? "" : " from " + text(source, "kind", "") + " " + text(source, "label", "");
  }

  static String pool(JsonObject json) {
    Details details = new Details("pool " + text(json, "name", "") + (json.getBoolean("default", false) ? " (the default)" : ""))
        .line("id", text(json, "id", ""))
        .line("path", text(json, "path", ""))
        .line("kind", json.getBoolean("automatic", false)
            ? "a pool file that grows by itself" : "a directory of yours")
        .line("backends", String.join(", ", json.getJsonArray("backends").getValuesAs(JsonString::getString)));
    if (json.get("capacity") instanceof JsonObject capacity) {
      details
          .line("space", bytes(capacity, "freeBytes") + " free of " + bytes(capacity, "totalBytes"))
          .line("can grow", capacity.getJsonNumber("growableBytes").longValue() == 0 ? "" : "by " + bytes(capacity, "growableBytes"))
          .line("promised", bytes(json, "chargedBytes") + " of " + bytes(capacity, "promisableBytes") + " (overcommit "
              + number(json, "overcommit") + ")");
    }
    return details
        .line("holds", number(json, "volumes") + " volumes, " + number(json, "snapshots") + " snapshots")
        .line("trash", number(json, "trashed") + " things, " + bytes(json, "trashBytes") + "; each can be undone for "
            + Humans.span(Duration.ofSeconds(json.getJsonNumber("trashRetentionSeconds").longValue())))
        .line("new volumes", bytes(json, "defaultSizeBytes") + " when no size is given")
        .line("problem", text(json, "problem", ""))
        .toString();
  }
}
