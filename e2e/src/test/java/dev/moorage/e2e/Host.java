package dev.moorage.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.moorage.process.CommandFailed;
import dev.moorage.testkit.Until;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** An engine with Moorage beside it and a container's tools at hand: the stage of a scene, which must leave it as it was. */
final class Host {

  static final Duration PATIENCE = Duration.ofSeconds(60);

  final Engine engine;
  final Moorage moorage;

  private Host(Engine engine, Moorage moorage) {
    this.engine = engine;
    this.moorage = moorage;
  }

  /** What happens on the host. */
  interface Scene {
    void play(Host host) throws Exception;
  }

  /** Plays the scene on a host as it comes. */
  static void with(Engines which, Scene scene) throws Exception {
    with(which, false, scene);
  }

  /** Plays the scene, then removes its containers and volumes, and demands that nothing is left of them. */
  static void with(Engines which, boolean liveRestore, Scene scene) throws Exception {
    try (Engine engine = Engine.start(which, liveRestore).with(Images.BUSYBOX)) {
      Host host = new Host(engine, Moorage.start(engine));
      try {
        scene.play(host);
        host.removeEverything();
        host.demandNothingLeft();
      } catch (Exception | AssertionError e) {
        throw new AssertionError(e.getMessage() + "\nmoorage says:\n" + host.moorage.serve().logTail()
            + "\ndockerd says:\n" + engine.dockerd().logTail(), e);
      }
      assertThat(host.moorage.serve().stop()).isZero();
    }
  }

  String docker(String... words) throws IOException {
    return engine.docker(words);
  }

  /** Runs a command of docker that must fail; what it said. */
  String dockerRefuses(String... words) {
    CommandFailed failure = catchThrowableOfType(CommandFailed.class, () -> docker(words));
    assertThat(failure).as(String.join(" ", words) + " should have failed").isNotNull();
    return failure.errorOutput();
  }

  void createVolume(String name) throws IOException {
    docker("volume", "create", "-d", "moorage", "-o", "size=64M", "--label", "team=sea", name);
  }

  /** Starts a container that does nothing, with the volume at /data. */
  String runIdle(String name, String volume, String... options) throws IOException {
    List<String> words = new ArrayList<>(List.of("run", "-d", "--name", name, "-v", volume + ":/data", "--volume-driver", "moorage"));
    words.addAll(List.of(options));
    words.addAll(List.of("busybox", "sleep", "100000"));
    return docker(words.toArray(String[]::new));
  }

  /** Runs a shell in a container. */
  String exec(String container, String script) throws IOException {
    return docker("exec", container, "sh", "-c", script);
  }

  /** Runs a shell in a container of its own, with the volume at /data. */
  String once(String volume, String script) throws IOException {
    return docker("run", "--rm", "-v", volume + ":/data", "--volume-driver", "moorage", "busybox", "sh", "-c", script);
  }

  String inspect(String volume, String template) throws IOException {
    return docker("volume", "inspect", "--format", template, volume);
  }

  /** That dockerd still knows what the volume was created with. */
  void demandLabelsAndOptionsOf(String volume) throws IOException {
    assertThat(inspect(volume, "{{.Labels.team}} {{.Options.size}}")).isEqualTo("sea 64M");
  }

  /** How often volumes are mounted on the host: once each while they are in use. */
  List<String> stages() throws IOException {
    return engine.namespace().run("cat", "/proc/1/mountinfo").lines()
        .filter(line -> line.split(" ", 6)[4].matches("/run/moorage/[^/]+/stage/.*")).toList();
  }

  private void removeEverything() throws IOException {
    List<String> containers = docker("ps", "-aq").lines().toList();
    if (!containers.isEmpty()) {
      List<String> words = new ArrayList<>(List.of("rm", "-f", "-v"));
      words.addAll(containers);
      docker(words.toArray(String[]::new));
    }
    List<String> volumes = docker("volume", "ls", "-q").lines().toList();
    for (int i = 0; i < volumes.size(); i += 100) {
      List<String> words = new ArrayList<>(List.of("volume", "rm"));
      words.addAll(volumes.subList(i, Math.min(i + 100, volumes.size())));
      docker(words.toArray(String[]::new));
    }
  }

  private void demandNothingLeft() throws Exception {
    assertThat(docker("volume", "ls", "-q")).isEmpty();
    assertThat(moorage.cli("volume", "ls", "--owner", "docker", "-o", "name")).isEmpty();
    Until.demand("no volume is mounted", PATIENCE, () -> stages().isEmpty());
    // One is left: that of the pool file itself.
    Until.demand("no volume has a loop device", PATIENCE, () -> Loops.of(engine.directory()).size() <= 1);
  }
}
