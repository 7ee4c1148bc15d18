package dev.moorage.doctor;

import dev.moorage.volume.ByteSize;
import jakarta.json.JsonArray;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What the running service knows of its pools and volumes. */
final class ServiceChecks {

  /** At 10 to 26 µs an extent, a snapshot stops the writers of such a volume for a fifth of a second or more. */
  private static final long EXTENTS_MANY = 20_000;
  private static final double NEARLY = 0.90;
  private static final Duration CLOCK_TOLERANCE = Duration.ofMinutes(1);

  private ServiceChecks() {}

  static List<Finding> pools(List<JsonObject> pools) {
    List<Finding> findings = new ArrayList<>();
    for (JsonObject pool : pools) {
      String name = "pool " + pool.getString("name");
      if (pool.get("problem") instanceof JsonString problem) {
        boolean usable = pool.get("capacity") instanceof JsonObject;
        findings.add(new Finding("pool-state", usable ? Finding.Level.WARN : Finding.Level.FAIL, name + ": " + problem.getString(),
            "See 'moorage pool inspect " + pool.getString("name") + "' and the service's log"));
      }
      if (pool.get("capacity") instanceof JsonObject capacity) {
        findings.addAll(capacity(name, pool, capacity));
      }
    }
    return findings;
  }

  private static List<Finding> capacity(String name, JsonObject pool, JsonObject capacity) {
    long all = bytes(capacity, "totalBytes") + bytes(capacity, "growableBytes");
    long free = Math.max(0, bytes(capacity, "freeBytes") + bytes(capacity, "growableBytes"));
    long promisable = Math.max(0, bytes(capacity, "promisableBytes"));
    long charged = bytes(pool, "chargedBytes");
    List<Finding> findings = new ArrayList<>();
    findings.add(free < (1 - NEARLY) * all
        ? Finding.warn("pool-space", name + " has only " + ByteSize.ofBytes(free) + " left to write",
            "Delete volumes or snapshots, then 'moorage pool trash --empty'; or give the pool a larger disk")
        : Finding.ok("pool-space", name + " has " + ByteSize.ofBytes(free) + " left to write"));
    if (charged > NEARLY * promisable) {
      findings.add(Finding.warn("pool-promises", name + " has promised " + ByteSize.ofBytes(charged) + " of at most "
          + ByteSize.ofBytes(promisable) + ": soon nothing new can be made",
          "Delete volumes or snapshots, then 'moorage pool trash --empty'; or raise its overcommit"));
    }
    if (charged > all) {
      findings.add(Finding.ok("overcommit", name + " has promised " + ByteSize.ofBytes(charged - all)
          + " more than it and its host have: watch its free space"));
    }
    return findings;
  }

  static List<Finding> volumes(List<JsonObject> volumes, Clock clock) {
    List<Finding> findings = new ArrayList<>();
    Instant soon = clock.instant().plus(CLOCK_TOLERANCE);
    for (JsonObject volume : volumes) {
      String name = volume.getString("owner") + "/" + volume.getString("name");
      long extents = volume.get("extents") instanceof JsonNumber number ? number.longValue() : -1;
      if (extents > EXTENTS_MANY) {
        findings.add(Finding.warn("extents", "volume " + name + " lies in " + extents + " pieces: each snapshot stops its writers for about "
            + extents / 50 + " ms", "Stop its containers for a moment and run 'moorage volume compact " + name + "'"));
      }
      if (volume.get("lastError") instanceof JsonString error) {
        findings.add(Finding.warn("last-error", "volume " + name + ": " + error.getString(), "See the service's log of that time"));
      }
      findings.addAll(distrusts(name, volume));
      if (Instant.parse(volume.getString("createdAt")).isAfter(soon)) {
        findings.add(Finding.warn("clock", "volume " + name + " was made in the future: the clock has gone back", "Set the clock"));
      }
    }
    return findings.isEmpty() ? List.of(Finding.ok("volumes", volumes.size() + " volumes, nothing to say about them")) : findings;
  }

  private static List<Finding> distrusts(String name, JsonObject volume) {
    List<Finding> findings = new ArrayList<>();
    if (volume.get("uploads") instanceof JsonArray uploads) {
      for (JsonObject upload : uploads.getValuesAs(JsonObject.class)) {
        if (upload.get("distrust") instanceof JsonObject why) {
          findings.add(Finding.warn("extent-maps", "volume " + name + " had changed in " + why.getJsonNumber("blocks") + " blocks of which the"
              + " extent maps did not tell, as was found when all of " + why.getString("snapshot") + " was read, at " + why.getString("at")
              + ": what was uploaded to repository " + upload.getString("repository") + " before that may lack changes",
              "Check the kernel's log and the pool's filesystem, and do not rely on those older remote snapshots. Newer ones are right: each"
              + " upload of this volume reads everything since"));
        }
      }
    }
    return findings;
  }

  private static long bytes(JsonObject json, String field) {
    return json.get(field) instanceof JsonNumber number ? number.longValue() : 0;
  }
}
