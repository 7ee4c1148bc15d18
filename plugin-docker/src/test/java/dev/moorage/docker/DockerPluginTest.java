package dev.moorage.docker;

import static dev.moorage.docker.RunningPlugin.name;
import static dev.moorage.docker.RunningPlugin.withId;
import static dev.moorage.docker.RunningPlugin.withOptions;
import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.http.RawClient;
import dev.moorage.process.Command;
import dev.moorage.telemetry.Event;
import dev.moorage.volume.Owner;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** dockerd's calls on real volumes, as far as nothing is mounted. */
class DockerPluginTest {

  private final RunningPlugin plugin;

  DockerPluginTest() throws Exception {
    plugin = RunningPlugin.open();
  }

  @AfterEach
  void close() throws Exception {
    plugin.close();
  }

  @Test
  void activationNamesTheInterface() throws IOException {
    assertThat(plugin.send("/Plugin.Activate", "").body()).isEqualTo("{\"Implements\":[\"VolumeDriver\"]}");
  }

  @Test
  void curlIsServedLikeDockerd() throws IOException {
    String answer = Command.of("curl", "-sS", "--unix-socket", plugin.socket.toString(), "-X", "POST", "-H", "Host:",
        "-H", "Accept: application/vnd.docker.plugins.v1.2+json", "-d", "{}", "http://x/VolumeDriver.List").run();
    assertThat(answer).isEqualTo("{\"Err\":\"\",\"Volumes\":[]}");
  }

  @Test
  void aVolumeIsCreatedFoundListedAndRemoved() throws IOException {
    plugin.create("db", Map.of("size", "64M"));
    JsonObject volume = plugin.get("db");
    assertThat(volume.getString("Name")).isEqualTo("db");
    assertThat(volume.getString("Mountpoint")).isEmpty();
    assertThat(Instant.parse(volume.getString("CreatedAt"))).isBetween(Instant.EPOCH.plus(Duration.ofDays(1)), Instant.MAX);
    JsonObject listed = plugin.ask("VolumeDriver.List", JsonObject.EMPTY_JSON_OBJECT).getJsonArray("Volumes").getJsonObject(0);
    assertThat(listed.keySet()).containsExactlyInAnyOrder("Name", "Mountpoint", "CreatedAt");
    assertThat(listed.getString("Name")).isEqualTo("db");
    assertThat(plugin.ask("VolumeDriver.Path", name("db")).getString("Mountpoint")).isEmpty();
    plugin.remove("db");
    assertThat(plugin.refused("VolumeDriver.Get", name("db"))).isEqualTo("cannot find volume docker/db: there is no such volume");
    assertThat(plugin.ask("VolumeDriver.List", JsonObject.EMPTY_JSON_OBJECT).getJsonArray("Volumes")).isEmpty();
  }

  @Test
  void theStatusTellsWhatTheVolumeIs() throws IOException {
    plugin.create("plain", Map.of());
    plugin.create("sized", Map.of("size", "64M", "pool", "default", "backend", "directory"));
    assertThat(plugin.get("plain").getJsonObject("Status").getString("size")).isEqualTo("10G (default)");
    JsonObject status = plugin.get("sized").getJsonObject("Status");
    assertThat(status.getString("size")).isEqualTo("64M");
    assertThat(status.getJsonNumber("sizeBytes").longValue()).isEqualTo(64L << 20);
    assertThat(status.getString("pool")).isEqualTo("default");
    assertThat(status.getString("backend")).isEqualTo("directory");
    assertThat(status.getString("access")).isEqualTo("filesystem");
    assertThat(status.getString("owner")).isEqualTo("docker");
    assertThat(status.getString("createdFrom")).isEqualTo("nothing");
    assertThat(status.getJsonArray("snapshots")).isEmpty();
    assertThat(status.getInt("consumers")).isZero();
    assertThat(status.containsKey("problem")).isFalse();
  }

  @Test
  void noOptionsMayBeNullEmptyOrAbsent() throws IOException {
    for (String options : List.of(",\"Opts\":null", ",\"Opts\":{}", "")) {
      assertThat(plugin.send("/VolumeDriver.Create", "{\"Name\":\"db\"" + options + "}\n").body()).isEqualTo("{\"Err\":\"\"}");
    }
  }

  @Test
  void theSameRequestAgainIsSuccessAndADifferentOneIsRefused() throws IOException {
    plugin.create("db", Map.of("size", "64M"));
    plugin.create("db", Map.of("size", "64M"));
    assertThat(plugin.refused("VolumeDriver.Create", withOptions("db", Map.of("size", "65M")))).contains("exists already");
    plugin.remove("db");
    plugin.remove("db");
    plugin.remove("never-was");
  }

  @Test
  void optionsAreKeptWordForWord() throws Exception {
    Map<String, String> options = Map.of("size", "64 MiB", "backend", "directory");
    plugin.create("db", options);
    plugin.restart();
    assertThat(plugin.storage().volumes().list(Optional.of(Owner.DOCKER)).getFirst().parameters()).isEqualTo(options);
  }

  @Test
  void aSizeIsAskedForExactly() throws IOException {
    assertThat(plugin.refused("VolumeDriver.Create", withOptions("db", Map.of("size", "0")))).contains("holds nothing");
    assertThat(plugin.refused("VolumeDriver.Create", withOptions("db", Map.of("size", "8192P")))).contains("too large");
    plugin.create("odd", Map.of("size", "67108865"));
  }

  @Test
  void anonymousVolumesWork() throws IOException {
    String name = "0123456789abcdef".repeat(4);
    plugin.create(name, Map.of());
    assertThat(plugin.get(name).getString("Name")).isEqualTo(name);
    plugin.remove(name);
  }

  @Test
  void whatDoesNotExistCannotBeMountedAndNeedsNoUnmounting() throws IOException {
    assertThat(plugin.refused("VolumeDriver.Mount", withId("nothing", "1"))).contains("there is no volume docker/nothing");
    plugin.unmount("nothing", "1");
    assertThat(plugin.ask("VolumeDriver.Path", name("nothing")).getString("Mountpoint")).isEmpty();
  }

  @Test
  void aSourceThatIsNotThereIsRefused() throws IOException {
    assertThat(plugin.refused("VolumeDriver.Create", withOptions("b", Map.of("from", "a@before")))).contains("a@before");
    assertThat(plugin.refused("VolumeDriver.Create", withOptions("b", Map.of("clone", "a")))).contains("volume a");
    assertThat(plugin.refused("VolumeDriver.Create", withOptions("b", Map.of("pool", "fast")))).contains("there is no pool fast");
  }

  @Test
  void everyChangeHasAnAuditLine() throws IOException {
    plugin.create("db", Map.of());
    plugin.refused("VolumeDriver.Create", withOptions("db", Map.of("size", "1T")));
    plugin.refused("VolumeDriver.Mount", withId("nothing", "1"));
    plugin.remove("db");
    List<Event> events = plugin.telemetry.events(0);
    assertThat(events).extracting(Event::door).containsOnly("docker");
    assertThat(events).extracting(Event::outcome).containsExactly("ok", "already-exists", "not-found", "ok");
  }

  @Test
  void sixtyFourConnectionsWorkAtOnce() throws Exception {
    List<Future<RawClient.Answer>> answers = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 64; i++) {
        String body = withOptions("v" + i % 16, Map.of("size", "64M")).toString();
        answers.add(threads.submit(() -> plugin.send("/VolumeDriver.Create", body)));
      }
    }
    for (Future<RawClient.Answer> answer : answers) {
      assertThat(answer.get().body()).isEqualTo("{\"Err\":\"\"}");
    }
    assertThat(plugin.ask("VolumeDriver.List", JsonObject.EMPTY_JSON_OBJECT).getJsonArray("Volumes")).hasSize(16);
  }
}
