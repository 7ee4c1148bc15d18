package dev.moorage.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.objectstore.StoreLocation;
import dev.moorage.process.Command;
import dev.moorage.testkit.LeakCheck;
import dev.moorage.testkit.Scratch;
import dev.moorage.testkit.objectstore.BucketServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The drill of docs/recovery.md, line by line: the host is gone; a copy of the program, the store and the recovery key are all there is. */
@Tag("engine")
@ExtendWith(LeakCheck.class)
final class BareHostTest {

  private static final Pattern LINES = Pattern.compile("```sh\\n(STORE=.*?)```", Pattern.DOTALL);
  private static final Pattern RECOVERY_KEY = Pattern.compile("recovery key: (\\S.*)");

  private Path directory = Path.of("");

  @BeforeEach
  void makeDirectory() {
    directory = Scratch.directory("bare");
  }

  @AfterEach
  void removeDirectory() {
    Scratch.remove(directory);
  }

  @Test
  void theDrillOfTheDocumentBringsTheFilesBack() throws IOException {
    Path copy = directory.resolve("copy");
    Command.of("cp", "-a", Engines.repository().resolve("dist").toString(), copy.toString()).run();
    try (BucketServer server = BucketServer.Kind.VERSITYGW.start(Files.createDirectory(directory.resolve("store")), BucketServer.LOOPBACK)) {
      StoreLocation location = server.location("drill");
      Written written = writeAndLose(location);
      Path bare = Files.createDirectory(directory.resolve("bare"));
      Files.writeString(bare.resolve("words"), written.recoveryKey() + "\n");
      Files.setPosixFilePermissions(bare.resolve("words"), PosixFilePermissions.fromString("rw-------"));
      String output = run(copy, bare, drill(location) + "echo; sha256sum < disk/blob\n");
      assertThat(output).contains("db@cut").endsWith(written.sum());
      try (var files = Files.list(bare)) {
        assertThat(files.map(file -> file.getFileName().toString())).containsExactlyInAnyOrder("words", "db.img", "disk");
      }
    }
  }

  /** What is left of the host for people: the paper with the recovery key, and what they remember of the data. */
  private record Written(String recoveryKey, String sum) {}

  /** Cuts a snapshot while a container writes; then nothing of the host is left. */
  private static Written writeAndLose(StoreLocation location) throws IOException {
    try (Engine engine = Engine.start(Engines.INSTALLED).with(Images.BUSYBOX)) {
      Moorage moorage = Moorage.start(engine);
      List<String> words = new ArrayList<>(List.of("repository", "create", "vault", location.toString()));
      words.addAll(Machine.options(location));
      Matcher key = RECOVERY_KEY.matcher(moorage.cli(words.toArray(String[]::new)));
      assertThat(key.find()).isTrue();
      engine.docker("volume", "create", "-d", "moorage", "-o", "size=128M", "db");
      engine.docker("run", "-d", "--name", "app", "-v", "db:/data", "busybox", "sh", "-c",
          "dd if=/dev/urandom of=/data/blob bs=1M count=24; sync; touch /data/ready; while :; do date >> /data/log; sync; done");
      String sum = engine.docker("exec", "app", "sh", "-c", "until [ -e /data/ready ]; do sleep 0.1; done; sha256sum < /data/blob");
      moorage.cli("snapshot", "create", "docker/db", "cut", "--to", "vault", "--wait");
      return new Written(key.group(1), sum);
    }
  }

  /** The lines of the document, with this store in the place of the example. */
  private static String drill(StoreLocation location) throws IOException {
    Matcher lines = LINES.matcher(Files.readString(Engines.repository().resolve("docs/recovery.md")));
    assertThat(lines.find()).as("the drill is in docs/recovery.md").isTrue();
    String store = "STORE='--location " + location + " " + String.join(" ", Machine.options(location)) + " --recovery-key-file words'";
    return lines.group(1).replaceFirst("STORE=.*", Matcher.quoteReplacement(store));
  }

  /** In a mount namespace of its own, so that what it mounts goes with it; with nothing in the environment but where programs are. */
  private static String run(Path copy, Path bare, String script) throws IOException {
    return Command.of("unshare", "--mount", "--propagation", "private", "env", "-i", "--chdir=" + bare,
        "PATH=" + copy.resolve("bin") + ":/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/nonexistent", "sh", "-eux", "-c", script).run().strip();
  }
}
