package dev.moorage.docker;

import static dev.moorage.http.RawClient.ask;
import static dev.moorage.http.RawClient.post;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.http.RawClient;
import dev.moorage.storage.Storage;
import dev.moorage.telemetry.Event;
import dev.moorage.telemetry.Telemetry;
import dev.moorage.volume.VolumeException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The plugin while, or although, its volumes are not loaded: what it can answer by itself, and what it must not. */
class WaitingPluginTest {

  private static final DockerTimes SHORT = new DockerTimes(
      Duration.ofMillis(600), Duration.ofMillis(500), Duration.ofMillis(300), Duration.ofMillis(100), Duration.ofMillis(50));

  private final CompletableFuture<Storage> storage = new CompletableFuture<>();
  private final Telemetry telemetry = new Telemetry();
  private final Path socket;
  private final DockerPlugin plugin;

  WaitingPluginTest(@TempDir Path directory) throws IOException {
    socket = directory.resolve("moorage.sock");
    plugin = DockerPlugin.open(socket, storage, telemetry, SHORT);
  }

  @AfterEach
  void close() {
    plugin.close();
  }

  private String refusal(String call, String body) throws IOException {
    RawClient.Answer answer = ask(socket, post(call, body));
    assertThat(answer.status()).as(answer.body()).isBetween(400, 599);
    assertThat(answer.headers()).contains("application/vnd.docker.plugins.v1.2+json");
    assertThat(answer.body()).startsWith("{\"Err\":\"");
    return Wire.parse(answer.body()).getString("Err");
  }

  @Test
  void capabilitiesNeedNoVolumes() throws IOException {
    assertThat(ask(socket, post("/VolumeDriver.Capabilities", "{}")).body())
        .isEqualTo("{\"Capabilities\":{\"Scope\":\"local\"}}");
  }

  @Test
  void aGetThatCannotKnowEndsTheConnectionBecauseAnErrorWouldMakeDockerForgetTheVolume() {
    assertThatThrownBy(() -> ask(socket, post("/VolumeDriver.Get", "{\"Name\":\"db\"}"))).isInstanceOf(EOFException.class);
    assertThatThrownBy(() -> ask(socket, post("/VolumeDriver.Get", ""))).isInstanceOf(EOFException.class);
    storage.completeExceptionally(new VolumeException.Corrupt("open pool default", "pool.json is damaged", ""));
    assertThatThrownBy(() -> ask(socket, post("/VolumeDriver.Get", "{\"Name\":\"db\"}"))).isInstanceOf(EOFException.class);
  }

  @Test
  void otherCallsAreRefusedInTimeWhenTheVolumesDoNotCome() throws IOException {
    for (String call : List.of("Create", "Remove", "Mount", "Unmount", "Path", "List")) {
      long began = System.nanoTime();
      String reason = refusal("/VolumeDriver." + call, "{\"Name\":\"db\",\"ID\":\"1\"}");
      assertThat(reason).contains("the volumes are still being loaded");
      assertThat(Duration.ofNanos(System.nanoTime() - began)).as(call).isBetween(Duration.ofMillis(290), Duration.ofSeconds(3));
    }
    assertThat(refusal("/Plugin.Activate", "")).contains("the volumes are still being loaded");
  }

  @Test
  void theReasonWhyTheVolumesCannotBeLoadedIsTold() throws IOException {
    storage.completeExceptionally(new VolumeException.Corrupt("open pool default", "pool.json is damaged ✗", ""));
    assertThat(refusal("/VolumeDriver.Mount", "{\"Name\":\"db\",\"ID\":\"1\"}"))
        .startsWith("cannot mount volume docker/db: the volumes could not be loaded: ").contains("pool.json is damaged ✗");
  }

  @Test
  void unknownCallsAndMethodsAreRefusedInDockersForm() throws IOException {
    assertThat(refusal("/VolumeDriver.Fly", "{}")).isEqualTo("there is no call /VolumeDriver.Fly");
    RawClient.Answer get = ask(socket, "GET /VolumeDriver.List HTTP/1.1\r\nHost: \r\n\r\n");
    assertThat(get.status()).isEqualTo(405);
    assertThat(get.body()).isEqualTo("{\"Err\":\"/VolumeDriver.List takes POST, not GET\"}");
  }

  @Test
  void aRequestThatMakesNoSenseIsRefusedWithItsReason() throws IOException {
    assertThat(refusal("/VolumeDriver.Create", "")).startsWith("cannot create a volume: the request has no body. dockerd")
        .endsWith("give the command once more");
    assertThat(refusal("/VolumeDriver.Mount", "[]")).contains("not a JSON object");
    assertThat(refusal("/VolumeDriver.Remove", "{\"Name\":7}")).contains("no text named Name");
    assertThat(refusal("/VolumeDriver.Remove", "{\"Name\":\"a\",\"Name\":\"b\"}")).contains("not a JSON object");
    assertThat(refusal("/VolumeDriver.Get", "{\"Name\":\"\"}")).contains("'' is not a volume name");
    assertThat(refusal("/VolumeDriver.Mount", "{\"Name\":\"db\"}")).contains("cannot mount volume docker/db: the request has no text named ID");
    assertThat(refusal("/VolumeDriver.Unmount", "{\"Name\":\"db\",\"ID\":\"../x\"}")).contains("'../x' is not the id of a mount");
    assertThat(refusal("/VolumeDriver.Create", "{\"Name\":\"../../etc\",\"Opts\":null}")).contains("'../../etc' is not a volume name");
    assertThat(refusal("/VolumeDriver.Create", "{\"Name\":\"a\\u0000b\",\"Opts\":{}}")).contains("'a?b' is not a volume name");
    assertThat(refusal("/VolumeDriver.Create", "[".repeat(100_000))).contains("nested deeper");
    assertThat(refusal("/VolumeDriver.Create", "{\"Name\":\"db\",\"Opts\":[]}")).contains("Opts is not an object");
  }

  @Test
  void aWrongOptionIsAnsweredWithThoseThereAre() throws IOException {
    assertThat(refusal("/VolumeDriver.Create", "{\"Name\":\"db\",\"Opts\":{\"sise\":\"1G\"}}"))
        .startsWith("cannot create volume docker/db: there is no option 'sise'; did you mean size? There are: size (such as 10G;")
        .contains("pool (", "backend (image, directory)", "fs (ext4, xfs)", "access (", "from (", "clone (");
    assertThat(refusal("/VolumeDriver.Create", "{\"Name\":\"db\",\"Opts\":{\"size\":\"big\"}}"))
        .isEqualTo("cannot create volume docker/db: option size: 'big' is not a size; write a number with K, M, G or T behind it, such as 10G");
    assertThat(refusal("/VolumeDriver.Create", "{\"Name\":\"db\",\"Opts\":{\"size\":7}}")).contains("the option size is not a text");
    assertThat(refusal("/VolumeDriver.Create", "{\"Name\":\"db\",\"Opts\":{\"from\":\"a@b\",\"clone\":\"c\"}}"))
        .contains("from and clone exclude each other");
    assertThat(refusal("/VolumeDriver.Create", "{\"Name\":\"db\",\"Opts\":{\"from\":\"nonsense\"}}")).contains("does not name a snapshot");
  }

  @Test
  void aRefusedChangeIsInTheAuditAndARefusedQuestionIsNot() throws IOException {
    refusal("/VolumeDriver.Create", "{\"Name\":\"db\",\"Opts\":{\"color\":\"red\"}}");
    refusal("/VolumeDriver.Get", "{\"Name\":\"../x\"}");
    List<Event> events = telemetry.events(0);
    assertThat(events).hasSize(1);
    assertThat(events.getFirst())
        .returns("docker", Event::door)
        .returns("create", Event::verb)
        .returns("volume docker/db", Event::subject)
        .returns("invalid-argument", Event::outcome);
  }
}
