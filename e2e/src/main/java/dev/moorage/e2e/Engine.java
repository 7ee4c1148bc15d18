package dev.moorage.e2e;

import dev.moorage.process.Command;
import dev.moorage.testkit.Scratch;
import dev.moorage.testkit.Until;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A real Docker Engine (containerd and dockerd) in a {@link PrivateNamespace}, without network, whose plugin directory is the
 * default one. The product is started beside it by {@link Moorage#start}. Closing it ends everything and leaves nothing.
 * For one test thread.
 */
public final class Engine implements AutoCloseable {

  private static final Duration START_DEADLINE = Duration.ofSeconds(60);
  private static final Path DOCKER_SOCKET = Path.of("/run/docker.sock");
  private static final Path CONTAINERD_SOCKET = Path.of("/run/containerd.sock");

  private final Path directory;
  private final PrivateNamespace namespace;
  private Daemon containerd;
  private Daemon dockerd;

  private Engine(Path directory, PrivateNamespace namespace) throws IOException {
    this.directory = directory;
    this.namespace = namespace;
    this.containerd = launchContainerd();
    this.dockerd = launchDockerd();
  }

  /** Starts an engine as Docker comes. */
  public static Engine start(Engines which) throws IOException {
    return start(which, false);
  }

  /** Starts an engine; with {@code liveRestore} its containers outlive dockerd. */
  public static Engine start(Engines which, boolean liveRestore) throws IOException {
    return start(which, liveRestore, PrivateNamespace::open);
  }

  /** Starts the engine of this machine on a host of that name, which has a network of its own. */
  public static Engine startOn(String host) throws IOException {
    return start(Engines.INSTALLED, false, environment -> PrivateNamespace.openHost(host, environment));
  }

  private interface Opening {
    PrivateNamespace with(Map<String, String> environment) throws IOException;
  }

  private static Engine start(Engines which, boolean liveRestore, Opening opening) throws IOException {
    Path directory = Scratch.directory("e");
    Files.writeString(directory.resolve("daemon.json"), "{\"live-restore\": " + liveRestore + "}\n");
    // Its CRI plugin is of no use here, and its opt plugin writes to the host's /opt.
    Files.writeString(directory.resolve("containerd.toml"), """
        version = 2
        disabled_plugins = ["io.containerd.grpc.v1.cri", "io.containerd.internal.v1.opt"]
        """);
    PrivateNamespace namespace = opening.with(Map.of(
        "PATH", which.searchPath(),
        "HOME", directory.toString(),
        "LC_ALL", "C.UTF-8"));
    try {
      return new Engine(directory, namespace);
    } catch (IOException | RuntimeException e) {
      discard(namespace, directory);
      throw e;
    }
  }

  /** Runs docker; what it printed, without white space around it. Its failure is a CommandFailed with all it said. */
  public String docker(String... words) throws IOException {
    List<String> argv = new ArrayList<>(List.of("docker"));
    argv.addAll(List.of(words));
    return namespace.run(argv).strip();
  }

  /** Makes images known to this engine. */
  public Engine with(Images... images) throws IOException {
    for (Images each : images) {
      each.importInto(this);
    }
    return this;
  }

  public PrivateNamespace namespace() {
    return namespace;
  }

  /** A short directory of this engine on the host's disk, for pools and files of the test. */
  public Path directory() {
    return directory;
  }

  public Daemon dockerd() {
    return dockerd;
  }

  public Daemon containerd() {
    return containerd;
  }

  /** Starts dockerd again after it was stopped or killed. */
  public void restartDockerd() throws IOException {
    dockerd = launchDockerd();
  }

  /** Starts containerd again after it was stopped or killed. */
  public void restartContainerd() throws IOException {
    containerd = launchContainerd();
  }

  private Daemon launchContainerd() throws IOException {
    // The file that a killed one left would pass for that of the new one.
    Files.deleteIfExists(inside(CONTAINERD_SOCKET));
    Daemon daemon = namespace.start(Map.of(), List.of("containerd", "--config", directory.resolve("containerd.toml").toString(),
        "--root", directory.resolve("cd").toString(), "--state", directory.resolve("cs").toString(),
        "--address", CONTAINERD_SOCKET.toString()), directory.resolve("containerd.log"));
    daemon.awaitSocket(inside(CONTAINERD_SOCKET), START_DEADLINE);
    return daemon;
  }

  private Daemon launchDockerd() throws IOException {
    Files.deleteIfExists(inside(DOCKER_SOCKET));
    Daemon daemon = namespace.start(Map.of(), List.of("dockerd", "--config-file", directory.resolve("daemon.json").toString(),
        "--containerd", CONTAINERD_SOCKET.toString(), "--host", "unix://" + DOCKER_SOCKET,
        "--data-root", directory.resolve("d").toString(), "--exec-root", directory.resolve("x").toString(),
        "--pidfile", directory.resolve("dockerd.pid").toString(),
        "--bridge=none", "--iptables=false", "--ip6tables=false", "--ip-forward=false",
        "--exec-opt", "native.cgroupdriver=cgroupfs", "--cgroup-parent", ControlGroups.parentOf(directory)),
        directory.resolve("dockerd.log"));
    daemon.awaitSocket(inside(DOCKER_SOCKET), START_DEADLINE);
    // The socket is there before the engine answers; the client waits.
    docker("version");
    return daemon;
  }

  private Path inside(Path path) {
    return namespace.inside(path.toString());
  }

  @Override
  public void close() throws IOException {
    discard(namespace, directory);
  }

  private static void discard(PrivateNamespace namespace, Path directory) throws IOException {
    List<Path> loops = Loops.of(directory);
    namespace.close();
    // Those with autoclear go with their mounts; one that a raw block user held does not.
    Until.holds(Duration.ofSeconds(1), () -> Loops.stillBound(loops).isEmpty());
    for (Path loop : Loops.stillBound(loops)) {
      Command.of("losetup", "--detach", loop.toString()).run();
    }
    ControlGroups.remove(directory);
    Scratch.remove(directory);
  }
}
