package dev.moorage.e2e;

import dev.moorage.objectstore.StoreLocation;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** One of several hosts in a network: a name, an engine, a pool and the product, all of its own. */
final class Machine implements AutoCloseable {

  final Engine engine;
  final Moorage moorage;
  final Network.Cable cable;

  private Machine(Engine engine, Moorage moorage, Network.Cable cable) {
    this.engine = engine;
    this.moorage = moorage;
    this.cable = cable;
  }

  static Machine start(Network network, String name, Images... images) throws IOException {
    Engine engine = Engine.startOn(name);
    try {
      Network.Cable cable = network.attach(engine.namespace());
      Machine machine = new Machine(engine.with(images), Moorage.start(engine), cable);
      // Its sockets are there before its pool is.
      machine.cli("pool", "ls");
      return machine;
    } catch (IOException | RuntimeException e) {
      engine.close();
      throw e;
    }
  }

  String docker(String... words) throws IOException {
    return engine.docker(words);
  }

  String cli(String... words) throws IOException {
    return moorage.cli(words);
  }

  /** Makes a repository, and a file with the key to it. */
  void createRepository(String name, StoreLocation location, Path key, String... more) throws IOException {
    List<String> words = repository("create", name, location, more);
    words.addAll(List.of("--generate-key-file", key.toString()));
    cli(words.toArray(String[]::new));
  }

  /** Makes known one that another machine made. */
  void addRepository(String name, StoreLocation location, Path key, String... more) throws IOException {
    List<String> words = repository("add", name, location, more);
    words.addAll(List.of("--key-file", key.toString()));
    cli(words.toArray(String[]::new));
  }

  private static List<String> repository(String verb, String name, StoreLocation location, String... more) {
    List<String> words = new ArrayList<>(List.of("repository", verb, name, location.toString()));
    words.addAll(options(location));
    words.addAll(List.of(more));
    return words;
  }

  /** The words of the command line that say how a store is reached. */
  static List<String> options(StoreLocation location) {
    List<String> words = new ArrayList<>();
    location.options().forEach((option, value) -> words.addAll(List.of("--option", option + "=" + value)));
    return words;
  }

  /** Makes a volume of Docker from a snapshot. */
  void createFrom(String snapshot, String volume) throws IOException {
    docker("volume", "create", "-d", "moorage", "-o", "from=" + snapshot, volume);
  }

  /** Waits until all of the volume is here. */
  void awaitRestored(String volume) throws IOException {
    cli("volume", "restore", "docker/" + volume, "--wait");
  }

  /** The value that a template finds in what {@code docker volume inspect} shows. */
  String inspect(String volume, String template) throws IOException {
    return docker("volume", "inspect", "--format", template, volume);
  }

  /** The bytes of a volume's disk, as we can read them here. */
  Path imageOfVolume(String name) throws IOException {
    return image("volumes/" + inspect(name, "{{.Status.id}}"));
  }

  /** The same of a local snapshot. */
  Path imageOfSnapshot(String volume, String name) throws IOException {
    try (JsonReader reader = Json.createReader(new StringReader(cli("snapshot", "ls", "docker/" + volume, "-o", "json")))) {
      JsonArray snapshots = reader.readArray();
      return image("snapshots/" + snapshots.getValuesAs(JsonObject.class).stream()
          .filter(each -> each.getString("name").equals(name)).findFirst().orElseThrow().getString("id"));
    }
  }

  /** The pool is a directory or, on other filesystems, an XFS in a file that is mounted there. */
  private Path image(String home) {
    Path pool = engine.namespace().inside(moorage.pool().toString());
    Path mounted = pool.resolve("mount");
    return (Files.exists(mounted.resolve("pool.json")) ? mounted : pool).resolve(home).resolve("image");
  }

  /** What both logs say last, for a test that failed. */
  String lastWords() {
    return "\nmoorage says:\n" + moorage.serve().logTail() + "\ndockerd says:\n" + engine.dockerd().logTail();
  }

  @Override
  public void close() throws IOException {
    engine.close();
  }
}
