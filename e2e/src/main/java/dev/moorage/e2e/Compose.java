package dev.moorage.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A project of the real Docker Compose: a directory with a compose file, on one engine. For one test thread. */
public final class Compose {

  private final Engine engine;
  private final Path directory;

  private Compose(Engine engine, Path directory) {
    this.engine = engine;
    this.directory = directory;
  }

  /** Makes an empty project on the engine, whose docker learns the command {@code compose}. */
  public static Compose project(Engine engine, Engines which) throws IOException {
    Path plugins = Files.createDirectories(engine.directory().resolve(".docker/cli-plugins"));
    Files.createSymbolicLink(plugins.resolve("docker-compose"), which.compose());
    return new Compose(engine, Files.createDirectory(engine.directory().resolve("project")));
  }

  /** Writes the compose file, in place of the one that was there. */
  public void file(String yaml) throws IOException {
    Files.writeString(directory.resolve("compose.yaml"), yaml);
  }

  /** Runs {@code docker compose}; what it printed, without white space around it. Its progress goes nowhere. */
  public String run(String... words) throws IOException {
    List<String> argv = new ArrayList<>(List.of("compose", "--project-directory", directory.toString()));
    argv.addAll(List.of(words));
    return engine.docker(argv.toArray(String[]::new));
  }
}
