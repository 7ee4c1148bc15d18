package dev.moorage.docker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.http.RawClient;
import dev.moorage.pool.PoolSettings;
import dev.moorage.storage.RepositorySource;
import dev.moorage.storage.Storage;
import dev.moorage.storage.StorageSettings;
import dev.moorage.telemetry.Telemetry;
import dev.moorage.testkit.Scratch;
import dev.moorage.volume.BackendKind;
import dev.moorage.volume.PoolName;
import dev.moorage.volume.VolumeException;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** The plugin on a real storage with one pool, and dockerd's side of the conversation. */
final class RunningPlugin implements AutoCloseable {

  final Telemetry telemetry = new Telemetry();
  final Path socket;
  private final Path scratch;
  private final StorageSettings settings;
  private final DockerTimes times;
  private Storage storage;
  private DockerPlugin plugin;

  /** Opens a storage: a real one, or a slow one. */
  interface Opening {
    Storage open(StorageSettings settings, Telemetry telemetry) throws VolumeException;
  }

  private RunningPlugin(Path scratch, StorageSettings settings, DockerTimes times, Opening opening)
      throws IOException, VolumeException {
    this.scratch = scratch;
    this.settings = settings;
    this.times = times;
    this.socket = scratch.resolve("moorage.sock");
    this.storage = opening.open(settings, telemetry);
    this.plugin = DockerPlugin.open(socket, CompletableFuture.completedFuture(storage), telemetry, times);
  }

  /** On a pool with the directory backend alone, which needs no device. */
  static RunningPlugin open() throws IOException, VolumeException {
    return open(DockerTimes.DEFAULT, Storage::open);
  }

  static RunningPlugin open(DockerTimes times, Opening opening) throws IOException, VolumeException {
    Path scratch = Scratch.directory("docker");
    return new RunningPlugin(scratch, settings(scratch, scratch.resolve("pool"), List.of(BackendKind.DIRECTORY)), times, opening);
  }

  /** On a pool at a place of the test's, with both backends. */
  static RunningPlugin openAt(Path pool) throws IOException, VolumeException {
    Path scratch = Scratch.directory("docker");
    return new RunningPlugin(scratch, settings(scratch, pool, List.of(BackendKind.IMAGE, BackendKind.DIRECTORY)),
        DockerTimes.DEFAULT, Storage::open);
  }

  /** The same, on a host that knows these repositories. */
  static RunningPlugin openAt(Path pool, RepositorySource repositories) throws IOException, VolumeException {
    Path scratch = Scratch.directory("docker");
    return new RunningPlugin(scratch, settings(scratch, pool, List.of(BackendKind.IMAGE, BackendKind.DIRECTORY)),
        DockerTimes.DEFAULT, (settings, telemetry) -> Storage.open(settings, telemetry, repositories));
  }

  /** On a pool at a place of the test's, with the directory backend alone. */
  static RunningPlugin openDirectoriesAt(Path pool) throws IOException, VolumeException {
    Path scratch = Scratch.directory("docker");
    return new RunningPlugin(scratch, settings(scratch, pool, List.of(BackendKind.DIRECTORY)), DockerTimes.DEFAULT, Storage::open);
  }

  private static StorageSettings settings(Path scratch, Path root, List<BackendKind> backends) {
    PoolSettings pool = PoolSettings.at(new PoolName("default"), root);
    return new StorageSettings(List.of(new PoolSettings(pool.name(), pool.root(), backends, pool.overcommit(), pool.defaultSize(),
        pool.trashRetention(), pool.file())), scratch.resolve("run"));
  }

  Storage storage() {
    return storage;
  }

  Path scratch() {
    return scratch;
  }

  /** As the service is replaced: what is mounted stays. */
  void restart() throws IOException, VolumeException {
    plugin.close();
    storage.close();
    storage = Storage.open(settings, telemetry);
    plugin = DockerPlugin.open(socket, CompletableFuture.completedFuture(storage), telemetry, times);
  }

  RawClient.Answer send(String call, String body) throws IOException {
    return RawClient.ask(socket, RawClient.post(call, body));
  }

  /** A call that must succeed. */
  JsonObject ask(String call, JsonObject body) throws IOException {
    RawClient.Answer answer = send("/" + call, body.toString());
    assertThat(answer.status()).as(call + " " + body + ": " + answer.body()).isEqualTo(200);
    JsonObject json = Wire.parse(answer.body());
    assertThat(json.getString("Err", "")).isEmpty();
    return json;
  }

  /** A call that must be refused; the reason. */
  String refused(String call, JsonObject body) throws IOException {
    RawClient.Answer answer = send("/" + call, body.toString());
    assertThat(answer.status()).as(call + " " + body + ": " + answer.body()).isNotEqualTo(200);
    return Wire.parse(answer.body()).getString("Err");
  }

  static JsonObject name(String name) {
    return Json.createObjectBuilder().add("Name", name).build();
  }

  static JsonObject withId(String name, String id) {
    return Json.createObjectBuilder().add("Name", name).add("ID", id).build();
  }

  static JsonObject withOptions(String name, Map<String, String> options) {
    JsonObjectBuilder object = Json.createObjectBuilder();
    options.forEach(object::add);
    return Json.createObjectBuilder().add("Name", name).add("Opts", object).build();
  }

  void create(String name, Map<String, String> options) throws IOException {
    ask("VolumeDriver.Create", withOptions(name, options));
  }

  void remove(String name) throws IOException {
    ask("VolumeDriver.Remove", name(name));
  }

  Path mount(String name, String id) throws IOException {
    return Path.of(ask("VolumeDriver.Mount", withId(name, id)).getString("Mountpoint"));
  }

  void unmount(String name, String id) throws IOException {
    ask("VolumeDriver.Unmount", withId(name, id));
  }

  JsonObject get(String name) throws IOException {
    return ask("VolumeDriver.Get", name(name)).getJsonObject("Volume");
  }

  @Override
  public void close() throws VolumeException {
    try {
      plugin.close();
      storage.close();
    } finally {
      Scratch.remove(scratch);
    }
  }
}
