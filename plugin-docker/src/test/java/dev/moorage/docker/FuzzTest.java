package dev.moorage.docker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.http.RawClient;
import dev.moorage.volume.Owner;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Random bodies, names and options. Each must be answered (a Get may end the connection instead), and afterwards the server answers
 * as before and has exactly the volumes whose creation it confirmed. {@code -Dmoorage.seed} repeats a run; a failure names the seed.
 */
class FuzzTest {

  private static final int CASES = 2_000;

  private static final List<String> CALLS = List.of("Create", "Remove", "Unmount", "Path", "Get", "List", "Capabilities", "Nonsense");
  private static final List<String> NAMES = List.of("", ".", "..", "../../etc", "a/b", "a\0b", "-rf", "a b", "ä", "\ud83d\ude00",
      "\ud800", "%2e%2e", "a\nb", "x".repeat(128), "x".repeat(129), "x".repeat(100_000), "$(reboot)", "'; true", "{{.}}", "\u202e",
      "a".repeat(64));
  private static final List<String> IDS = List.of("", "1", "../1", "\0", "x".repeat(300));
  private static final List<String> OPTIONS = List.of("size", "size", "pool", "backend", "fs", "access", "from", "clone", "sise", "",
      "Size", "\0", "encryption");
  private static final List<String> VALUES = List.of("", "0", "64M", "64M", "1", "-1", "1e9", "8191P", "8191.999P",
      "9999999999999999999", "64 MiB", "directory", "image", "default", "ext4", "xfs", "zfs", "block", "filesystem", "v1", "v1@latest",
      "@", "a@", "@b", "local/v1@x", "..", "/etc/passwd", "x".repeat(5000), "ü", "\0");

  private final long seed = Long.getLong("moorage.seed", System.nanoTime());
  private final SplittableRandom random = new SplittableRandom(seed);
  private final RunningPlugin plugin;
  private final Set<String> present = new TreeSet<>();

  FuzzTest() throws Exception {
    plugin = RunningPlugin.open();
  }

  @AfterEach
  void close() throws Exception {
    plugin.close();
  }

  @Test
  void whateverIsSentIsAnsweredAndLeavesNoTrace() throws Exception {
    System.out.println("moorage.seed=" + seed);
    for (int i = 0; i < CASES; i++) {
      switch (random.nextInt(3)) {
        case 0 -> exchange(pick(CALLS), garbage());
        case 1 -> exchange(pick(CALLS), utf8(hostileName()));
        default -> exchange(random.nextBoolean() ? "Create" : pick(CALLS), utf8(oddOptions()));
      }
    }
    demandExactly(present);
    plugin.restart();
    demandExactly(present);
    plugin.create("last", Map.of());
  }

  private void demandExactly(Set<String> names) {
    assertThat(plugin.storage().volumes().list(Optional.of(Owner.DOCKER))).extracting(volume -> volume.name().value())
        .as("seed " + seed).containsExactlyElementsOf(names);
  }

  /** A good request with bytes changed, and cut off now and then. */
  private byte[] garbage() {
    byte[] body = utf8(Json.createObjectBuilder().add("Name", "g" + random.nextInt(50)).add("ID", "abc")
        .add("Opts", Json.createObjectBuilder().add("size", "64M").add("from", "a@b")).build());
    for (int i = random.nextInt(6); i >= 0; i--) {
      byte[] telling = "{}[]\",:\\0u".getBytes(StandardCharsets.US_ASCII);
      body[random.nextInt(body.length)] = random.nextInt(3) == 0 ? (byte) random.nextInt(256) : telling[random.nextInt(telling.length)];
    }
    return random.nextInt(4) == 0 ? Arrays.copyOf(body, random.nextInt(body.length)) : body;
  }

  private JsonObject hostileName() {
    return Json.createObjectBuilder().add("Name", pick(NAMES)).add("ID", pick(IDS))
        .add("Opts", Json.createObjectBuilder().add("size", "64M")).build();
  }

  private JsonObject oddOptions() {
    JsonObjectBuilder options = Json.createObjectBuilder();
    for (int i = random.nextInt(4); i > 0; i--) {
      options.add(pick(OPTIONS), pick(VALUES));
    }
    return Json.createObjectBuilder().add("Name", "v" + random.nextInt(50)).add("Opts", options).build();
  }

  private String pick(List<String> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  private static byte[] utf8(JsonObject object) {
    return object.toString().getBytes(StandardCharsets.UTF_8);
  }

  private void exchange(String call, byte[] body) throws IOException {
    ByteArrayOutputStream request = new ByteArrayOutputStream();
    request.writeBytes(("POST /VolumeDriver." + call + " HTTP/1.1\r\nHost: \r\nContent-Length: " + body.length + "\r\n\r\n")
        .getBytes(StandardCharsets.US_ASCII));
    request.writeBytes(body);
    String text = new String(body, StandardCharsets.UTF_8);
    try (RawClient client = new RawClient(plugin.socket)) {
      RawClient.Answer answer = client.send(request.toByteArray()).receive();
      JsonObject json = Wire.parse(answer.body());
      assertThat(answer.status() == 200).as("seed %d: %s %s -> %s", seed, call, text, answer).isEqualTo(json.getString("Err", "").isEmpty());
      assertThat(answer.body()).as("seed %d: %s %s", seed, call, text).doesNotContain("internal error");
      if (answer.status() == 200) {
        note(call, text);
      }
    } catch (EOFException ended) {
      assertThat(call).as("seed " + seed).isEqualTo("Get");
      assertThat(text).as("seed " + seed).isBlank();
    }
  }

  private void note(String call, String body) {
    if (call.equals("Create")) {
      present.add(Wire.parse(body).getString("Name"));
    } else if (call.equals("Remove")) {
      present.remove(Wire.parse(body).getString("Name"));
    }
  }
}
