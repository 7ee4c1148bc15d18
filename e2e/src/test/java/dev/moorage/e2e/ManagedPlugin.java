package dev.moorage.e2e;

import dev.moorage.linux.Capability;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The managed plugin of {@code dist/plugin} in an engine, with its data in a directory of the test. */
final class ManagedPlugin {

  private final Engine engine;
  private final Path data;

  private ManagedPlugin(Engine engine, Path data) {
    this.engine = engine;
    this.data = data;
  }

  /** Makes it known to the engine; it is not enabled yet. */
  static ManagedPlugin create(Engine engine) throws IOException {
    Path built = Engines.repository().resolve("dist/plugin");
    if (!Files.isRegularFile(built.resolve("config.json"))) {
      throw new IOException("there is no " + built + ": run ./dev plugin first");
    }
    Path directory = engine.directory().resolve("plugin");
    Files.createDirectories(directory.resolve("rootfs"));
    Files.writeString(directory.resolve("config.json"), grantable(Files.readString(built.resolve("config.json"))));
    ManagedPlugin plugin = new ManagedPlugin(engine, Files.createDirectories(engine.directory().resolve("data")));
    engine.namespace().run("mount", "--bind", built.resolve("rootfs").toString(), directory.resolve("rootfs").toString());
    plugin.createFrom(directory);
    return plugin;
  }

  private void createFrom(Path directory) throws IOException {
    engine.docker("plugin", "create", "moorage", directory.toString());
    engine.docker("plugin", "set", "moorage", "data.source=" + data);
  }

  /** Some machines keep the right to grow a mounted ext4 from everybody, and a runtime cannot grant what it has not. */
  private static String grantable(String config) throws IOException {
    return Capability.SYS_RESOURCE.isEffective() ? config : config.replace(", \"CAP_SYS_RESOURCE\"", "");
  }

  void enable() throws IOException {
    engine.docker("plugin", "enable", "moorage");
  }

  /** Whoever uses its volumes keeps them. */
  void disableInUse() throws IOException {
    engine.docker("plugin", "disable", "--force", "moorage");
  }

  void disable() throws IOException {
    engine.docker("plugin", "disable", "moorage");
  }

  /** Another one of the same name takes its place, as after a new release. */
  void replace() throws IOException {
    disableInUse();
    engine.docker("plugin", "rm", "--force", "moorage");
    createFrom(engine.directory().resolve("plugin"));
    enable();
  }

  /** The command on the host, by the socket in the directory of the data. */
  String cli(String... words) throws IOException {
    List<String> argv = new ArrayList<>(List.of(Engines.repository().resolve("dist/bin/moorage").toString(),
        "--admin-socket", data.resolve("admin.sock").toString()));
    argv.addAll(List.of(words));
    return engine.namespace().run(argv).strip();
  }
}
