package dev.moorage.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.moorage.process.Command;
import dev.moorage.process.CommandFailed;
import dev.moorage.testkit.LeakCheck;
import dev.moorage.testkit.Until;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The image in a real engine: it serves from a read-only root, holds what it says and nothing else, and Docker builds the same. */
@Tag("engine")
@ExtendWith(LeakCheck.class)
final class ImageTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static Path built(String name) throws IOException {
    Path file = Engines.repository().resolve("dist").resolve(name);
    if (!Files.isRegularFile(file)) {
      throw new IOException("there is no " + file + ": run ./dev image first");
    }
    return file;
  }

  /** Loads the image; its name. */
  private static String load(Engine engine) throws IOException {
    return engine.docker("load", "--quiet", "--input", built("moorage-image.tar").toString()).replaceFirst("^Loaded image: ", "");
  }

  @Test
  void theCommandRunsInItWithItsCachesAsAnybodyAndSaysWhatItIs() throws IOException {
    try (Engine engine = Engine.start(Engines.INSTALLED)) {
      String image = load(engine);
      String version = image.substring(image.lastIndexOf(':') + 1);
      assertThat(engine.docker("run", "--rm", "--network", "none", "--read-only", "--cap-drop", "ALL", "--user", "65532:65532",
          "-e", "MOORAGE_JAVA_OPTIONS=-XX:AOTMode=on", image, "version")).contains(version);
      for (List<String> role : List.of(List.of("serve"), List.of("serve", "--csi-socket=/csi.sock"), List.of("serve", "--controller"))) {
        assertThat(withRequiredCache(engine, image, role)).contains("--health-listen");
      }
      assertThat(engine.docker("inspect", "-f", "{{index .Config.Labels \"org.opencontainers.image.version\"}}", image)).isEqualTo(version);
      assertThat(catchThrowableOfType(CommandFailed.class,
          () -> engine.docker("run", "--rm", "--network", "none", image, "serve")).errorOutput())
          .contains("no volume is mounted at it", "mountPropagation: Bidirectional");
    }
  }

  private static String withRequiredCache(Engine engine, String image, List<String> words) throws IOException {
    List<String> argv = new ArrayList<>(List.of("run", "--rm", "--network", "none", "--read-only", "--cap-drop", "ALL", "--user", "65532:65532",
        "-e", "MOORAGE_JAVA_OPTIONS=-XX:AOTMode=on", image));
    argv.addAll(words);
    argv.add("--help");
    return engine.docker(argv.toArray(String[]::new));
  }

  @Test
  void itServesFromAReadOnlyRootAndIsReplacedUnderARunningContainer() throws IOException {
    try (Engine engine = Engine.start(Engines.INSTALLED).with(Images.BUSYBOX)) {
      String image = load(engine);
      engine.namespace().run("sh", "-c", "mkdir -p /run/moorage && mount --bind /run/moorage /run/moorage && mount --make-shared /run/moorage");
      serve(engine, image);
      engine.docker("run", "-d", "--name", "user", "-v", "db:/data", "--volume-driver", "moorage", "busybox", "sleep", "100000");
      engine.docker("exec", "user", "sh", "-c", "echo kept > /data/file; sync");
      assertThat(engine.docker("exec", "moorage", "moorage", "volume", "ls", "-o", "name")).isEqualTo("docker/db");
      engine.docker("rm", "-f", "moorage");
      serve(engine, image);
      assertThat(engine.docker("run", "--rm", "-v", "db:/data", "busybox", "cat", "/data/file")).isEqualTo("kept");
      engine.docker("volume", "create", "-d", "moorage", "-o", "fs=xfs", "-o", "size=512M", "other");
      engine.docker("run", "--rm", "-v", "other:/data", "busybox", "touch", "/data/file");
      engine.docker("rm", "-f", "user");
      engine.docker("volume", "rm", "db", "other");
      engine.docker("rm", "-f", "moorage");
      assertThat(engine.namespace().run("cat", "/proc/1/mountinfo")).doesNotContain("/stage/");
    }
  }

  private static void serve(Engine engine, String image) throws IOException {
    engine.docker("run", "-d", "--name", "moorage", "--read-only", "--network", "none", "--cap-add", "SYS_ADMIN",
        "--device-cgroup-rule", "a *:* rwm", "--security-opt", "seccomp=unconfined", "--security-opt", "apparmor=unconfined",
        "-v", "/run/docker/plugins:/run/docker/plugins", "-v", "/run/moorage:/run/moorage:rshared", "-v", "/dev:/dev",
        "-v", engine.directory().resolve("pool") + ":/var/lib/moorage", image, "serve");
    Until.demand("it is ready", PATIENCE, () -> engine.docker("logs", "moorage").contains("ready in"));
  }

  @Test
  void everyFileIsOfSomethingThatItsListNames() throws IOException {
    Set<String> listed = new TreeSet<>();
    try (JsonReader reader = Json.createReader(Files.newBufferedReader(built("moorage-sbom.json")))) {
      for (JsonObject component : reader.readObject().getJsonArray("components").getValuesAs(JsonObject.class)) {
        listed.add(component.getString("name"));
      }
    }
    Path root = Engines.repository().resolve("dist/plugin/rootfs");
    try (var files = Files.list(root.resolve("var/lib/dpkg/status.d"))) {
      assertThat(listed).containsAll(files.map(file -> file.getFileName().toString()).toList());
    }
    assertThat(listed).contains("e2fsprogs", "xfsprogs", "libc6", "openjdk", "common", "grpc-netty", "picocli");
    assertThat(programs(root)).containsExactly("debugfs", "e2fsck", "mkfs.ext4", "mkfs.xfs", "moorage", "readlink", "resize2fs", "sh",
        "xfs_growfs", "xfs_repair");
  }

  private static List<String> programs(Path root) throws IOException {
    try (var bin = Files.list(root.resolve("usr/bin")); var sbin = Files.list(root.resolve("usr/sbin"))) {
      return Stream.concat(bin, sbin).map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void dockerBuildsTheSameFromTheDockerfile() throws IOException {
    try (Engine engine = Engine.start(Engines.INSTALLED)) {
      engine.docker("import", Engines.script("image/debian.sh"), "debian-of-packages");
      engine.docker("build", "--quiet", "--network", "none", "--build-arg", "BUILD_IMAGE=debian-of-packages",
          "--build-arg", "DEBIAN_IMAGE=debian-of-packages", "--tag", "of-dockerfile", Engines.repository().toString());
      assertThat(engine.docker("run", "--rm", "--network", "none", "--read-only", "-e", "MOORAGE_JAVA_OPTIONS=-XX:AOTMode=on",
          "of-dockerfile", "version")).contains("moorage");
      String image = load(engine);
      for (String part : List.of(".Config.Entrypoint", ".Config.Cmd", ".Config.Env", ".Config.User")) {
        assertThat(engine.docker("inspect", "-f", "{{" + part + "}}", "of-dockerfile"))
            .isEqualTo(engine.docker("inspect", "-f", "{{" + part + "}}", image));
      }
      Set<String> ours = files(engine, image);
      ours.remove("opt/moorage/sbom.json");
      assertThat(files(engine, "of-dockerfile")).isEqualTo(ours);
    }
  }

  /** The names of all files of an image. */
  private static Set<String> files(Engine engine, String image) throws IOException {
    String container = engine.docker("create", image);
    Path archive = engine.directory().resolve("export.tar");
    engine.docker("export", "--output", archive.toString(), container);
    Set<String> names = Command.of("tar", "-tf", archive.toString()).run().lines()
        .map(name -> name.replaceFirst("/$", "")).collect(Collectors.toCollection(TreeSet::new));
    Files.delete(archive);
    return names;
  }
}
