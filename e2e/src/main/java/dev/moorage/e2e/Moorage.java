package dev.moorage.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The product as it is shipped ({@code dist/}), running {@code moorage serve} inside an engine's namespace with its default
 * sockets. For one test thread.
 */
public final class Moorage {

  /** Where dockerd looks for the plugin. */
  public static final String DOCKER_SOCKET = "/run/docker/plugins/moorage.sock";
  /** Where the command line asks. */
  public static final String ADMIN_SOCKET = "/run/moorage/admin.sock";

  private static final Duration START_DEADLINE = Duration.ofSeconds(30);

  private final Engine engine;
  private final Path launcher;
  private final Path pool;
  private Daemon serve;

  private Moorage(Engine engine, Path launcher, Path pool, Daemon serve) {
    this.engine = engine;
    this.launcher = launcher;
    this.pool = pool;
    this.serve = serve;
  }

  /** Starts it on a fresh pool of the engine's directory. */
  public static Moorage start(Engine engine) throws IOException {
    return start(engine, engine.directory().resolve("pool"), Map.of());
  }

  /** Starts it on a pool, with more variables in its environment; returns when both sockets are there. */
  public static Moorage start(Engine engine, Path pool, Map<String, String> environment) throws IOException {
    Path launcher = Engines.repository().resolve("dist/bin/moorage");
    if (!Files.isExecutable(launcher)) {
      throw new IOException("there is no " + launcher + ": run ./dev build first");
    }
    return new Moorage(engine, launcher, pool, launch(engine, launcher, pool, environment));
  }

  private static Daemon launch(Engine engine, Path launcher, Path pool, Map<String, String> environment) throws IOException {
    PrivateNamespace namespace = engine.namespace();
    Daemon daemon = namespace.start(environment, List.of(launcher.toString(), "serve", "--pool", pool.toString()),
        engine.directory().resolve("moorage.log"));
    daemon.awaitSocket(namespace.inside(DOCKER_SOCKET), START_DEADLINE);
    daemon.awaitSocket(namespace.inside(ADMIN_SOCKET), START_DEADLINE);
    return daemon;
  }

  /** Runs the command line; what it printed, without white space around it. */
  public String cli(String... words) throws IOException {
    List<String> argv = new ArrayList<>(List.of(launcher.toString()));
    argv.addAll(List.of(words));
    return engine.namespace().run(argv).strip();
  }

  public Daemon serve() {
    return serve;
  }

  public Path pool() {
    return pool;
  }

  /** Starts it again after it was stopped or killed. */
  public void restart() throws IOException {
    restart(Map.of());
  }

  /** The same with more variables, such as {@code MOORAGE_JAVA_OPTIONS=-Dmoorage.failpoint=NAME}. */
  public void restart(Map<String, String> environment) throws IOException {
    serve = launch(engine, launcher, pool, environment);
  }
}
