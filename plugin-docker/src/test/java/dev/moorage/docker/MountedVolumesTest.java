package dev.moorage.docker;

import static dev.moorage.docker.RunningPlugin.name;
import static dev.moorage.docker.RunningPlugin.withId;
import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.http.RawClient;
import dev.moorage.process.Command;
import dev.moorage.storage.Caller;
import dev.moorage.storage.SlowStorage;
import dev.moorage.storage.VolumeRef;
import dev.moorage.testkit.LeakCheck;
import dev.moorage.testkit.TestDisk;
import dev.moorage.testkit.Until;
import dev.moorage.volume.ByteSize;
import dev.moorage.volume.Owner;
import dev.moorage.volume.SnapshotName;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeName;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** dockerd's sequences of Mount and Unmount, as they were measured, on volumes that are really mounted. */
@Tag("root")
@ExtendWith(LeakCheck.class)
class MountedVolumesTest {

  private static final String ID = "c0ffee".repeat(10) + "abcd";

  /** What a test does with a plugin on an XFS disk. */
  private interface Scene {
    void play(RunningPlugin plugin) throws Exception;
  }

  private static void on(Scene scene) throws Exception {
    try (TestDisk disk = TestDisk.make(TestDisk.Kind.XFS, ByteSize.ofGibibytes(2));
        RunningPlugin plugin = RunningPlugin.openAt(disk.directory().resolve("pool"))) {
      plugin.create("db", Map.of("size", "64M"));
      scene.play(plugin);
    }
  }

  private static boolean isMounted(Path path) throws IOException {
    return Files.readString(Path.of("/proc/self/mountinfo")).contains(" " + path + " ");
  }

  private static void activate(RunningPlugin plugin) throws IOException {
    assertThat(plugin.send("/Plugin.Activate", "").status()).isEqualTo(200);
  }

  @Test
  void theRootIsEmptyForCopyUpAndThePathIsToldWhileMounted() throws Exception {
    on(plugin -> {
      Path path = plugin.mount("db", ID);
      try (var entries = Files.list(path)) {
        assertThat(entries).isEmpty();
      }
      assertThat(plugin.get("db").getString("Mountpoint")).isEqualTo(path.toString());
      assertThat(plugin.ask("VolumeDriver.Path", name("db")).getString("Mountpoint")).isEqualTo(path.toString());
      assertThat(plugin.get("db").getJsonObject("Status").getInt("consumers")).isEqualTo(1);
      plugin.unmount("db", ID);
      assertThat(isMounted(path)).isFalse();
      assertThat(plugin.get("db").getString("Mountpoint")).isEmpty();
    });
  }

  @Test
  void dockerCpWithTheContainersOwnIdDoesNotUnmountUnderIt() throws Exception {
    on(plugin -> {
      Path path = plugin.mount("db", ID);
      for (int i = 0; i < 2; i++) {
        assertThat(plugin.mount("db", ID)).isEqualTo(path);
        plugin.unmount("db", ID);
      }
      assertThat(isMounted(path)).isTrue();
      plugin.unmount("db", ID);
      assertThat(isMounted(path)).isFalse();
    });
  }

  @Test
  void afterACrashOfDockerdOneUnmountOfTheSameIdReleases() throws Exception {
    on(plugin -> {
      activate(plugin);
      Path path = plugin.mount("db", ID);
      activate(plugin);
      assertThat(plugin.mount("db", ID)).isEqualTo(path);
      plugin.unmount("db", ID);
      assertThat(isMounted(path)).isFalse();
    });
  }

  @Test
  void afterLiveRestoreDockerCpDoesNotUnmountUnderTheContainer() throws Exception {
    on(plugin -> {
      activate(plugin);
      Path path = plugin.mount("db", ID);
      try (Container container = new Container(path)) {
        activate(plugin);
        plugin.mount("db", ID);
        plugin.unmount("db", ID);
        assertThat(isMounted(path)).isTrue();
        assertThat(container.isAlive()).isTrue();
      }
      plugin.unmount("db", ID);
      assertThat(isMounted(path)).isFalse();
    });
  }

  @Test
  void anUnmountOfAnUnknownIdIsSuccessAndChangesNothing() throws Exception {
    on(plugin -> {
      Path path = plugin.mount("db", ID);
      plugin.unmount("db", "other");
      assertThat(isMounted(path)).isTrue();
      plugin.unmount("db", ID);
      plugin.unmount("db", ID);
    });
  }

  @Test
  void removalWithStaleReferencesSucceedsAndARemovalUnderAContainerDoesNot() throws Exception {
    on(plugin -> {
      Path path = plugin.mount("db", "gone");
      try (Container container = new Container(path)) {
        assertThat(plugin.refused("VolumeDriver.Remove", name("db"))).contains("mounted or open elsewhere");
        assertThat(container.isAlive()).isTrue();
      }
      plugin.remove("db");
      assertThat(isMounted(path)).isFalse();
    });
  }

  @Test
  void aRestartOfTheServiceKeepsWhatIsMountedAndKnowsTheOldIds() throws Exception {
    on(plugin -> {
      Path path = plugin.mount("db", ID);
      try (Container container = new Container(path)) {
        plugin.restart();
        assertThat(container.isAlive()).isTrue();
        assertThat(plugin.get("db").getString("Mountpoint")).isEqualTo(path.toString());
        assertThat(plugin.mount("db", "second")).isEqualTo(path);
        plugin.unmount("db", "second");
        assertThat(isMounted(path)).isTrue();
      }
      plugin.unmount("db", ID);
      assertThat(isMounted(path)).isFalse();
    });
  }

  @Test
  void eightContainersStartingAtOnceWaitForEachOther() throws Exception {
    on(plugin -> {
      List<Future<Path>> mounts = new ArrayList<>();
      try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        for (int i = 0; i < 8; i++) {
          String id = "container" + i;
          mounts.add(threads.submit(() -> plugin.mount("db", id)));
        }
      }
      Path path = mounts.getFirst().get();
      for (Future<Path> mount : mounts) {
        assertThat(mount.get()).isEqualTo(path);
      }
      for (int i = 0; i < 8; i++) {
        assertThat(isMounted(path)).isTrue();
        plugin.unmount("db", "container" + i);
      }
      assertThat(isMounted(path)).isFalse();
    });
  }

  @Test
  void aMountThatTakesTooLongIsAnsweredInTimeAndLeavesNoReference() throws Exception {
    DockerTimes hasty = new DockerTimes(
        Duration.ofSeconds(2), Duration.ofSeconds(2), Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(1));
    SlowStorage slow = new SlowStorage();
    try (RunningPlugin plugin = RunningPlugin.open(hasty, slow::open)) {
      plugin.create("db", Map.of());
      try {
        long began = System.nanoTime();
        assertThat(plugin.refused("VolumeDriver.Mount", withId("db", ID))).contains("The work goes on");
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(10));
        assertThat(plugin.get("db").getString("Name")).isEqualTo("db");
      } finally {
        slow.goOn.countDown();
      }
      Until.demand("the mount is taken back", Duration.ofSeconds(20), () ->
          plugin.get("db").getString("Mountpoint").isEmpty() && plugin.get("db").getJsonObject("Status").getInt("consumers") == 0);
      plugin.remove("db");
    }
  }

  @Test
  void blockAccessIsADirectoryWithTheDevice() throws Exception {
    on(plugin -> {
      plugin.create("raw", Map.of("size", "32M", "access", "block"));
      Path path = plugin.mount("raw", ID);
      try (var entries = Files.list(path)) {
        assertThat(entries.map(Path::getFileName)).containsExactly(Path.of("device"));
      }
      assertThat(Command.of("blockdev", "--getsize64", path.resolve("device").toString()).run().strip()).isEqualTo("33554432");
      plugin.unmount("raw", ID);
      plugin.remove("raw");
    });
  }

  @Test
  void volumesBeginAsSnapshotsAndAsOtherVolumes() throws Exception {
    on(plugin -> {
      Path path = plugin.mount("db", ID);
      Files.writeString(path.resolve("row"), "before");
      cut(plugin);
      Files.writeString(path.resolve("row"), "after");
      plugin.create("old", Map.of("from", "db@before"));
      plugin.create("newest", Map.of("from", "db@latest"));
      plugin.create("copy", Map.of("clone", "db"));
      for (var expected : Map.of("old", "before", "newest", "before", "copy", "after").entrySet()) {
        Path other = plugin.mount(expected.getKey(), ID);
        assertThat(other.resolve("row")).as(expected.getKey()).hasContent(expected.getValue());
        plugin.unmount(expected.getKey(), ID);
      }
      JsonObject status = plugin.get("old").getJsonObject("Status");
      assertThat(status.getString("createdFrom")).isEqualTo("snapshot db@before");
      assertThat(status.getString("size")).isEqualTo("64M");
      assertThat(plugin.get("db").getJsonObject("Status").getJsonArray("snapshots").getJsonObject(0).getString("name"))
          .isEqualTo("before");
      plugin.unmount("db", ID);
    });
  }

  private static void cut(RunningPlugin plugin) throws VolumeException {
    Caller caller = new Caller("test", Owner.LOCAL, Duration.ofSeconds(5), Duration.ofSeconds(30));
    plugin.storage().snapshots().create(caller, new VolumeRef.Named(Owner.DOCKER, new VolumeName("db")),
        Optional.of(new SnapshotName("before")));
  }

  @Test
  void twoThousandFiveHundredVolumesAreListedInOneAnswer() throws Exception {
    try (TestDisk disk = TestDisk.make(TestDisk.Kind.TMPFS, ByteSize.ofMebibytes(256));
        RunningPlugin plugin = RunningPlugin.openDirectoriesAt(disk.directory().resolve("pool"))) {
      List<Future<RawClient.Answer>> answers = new ArrayList<>();
      try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
        for (int i = 0; i < 2_500; i++) {
          String body = RunningPlugin.withOptions("volume-%04d".formatted(i), Map.of()).toString();
          answers.add(threads.submit(() -> plugin.send("/VolumeDriver.Create", body)));
        }
      }
      for (Future<RawClient.Answer> answer : answers) {
        assertThat(answer.get().body()).isEqualTo("{\"Err\":\"\"}");
      }
      long began = System.nanoTime();
      JsonObject list = plugin.ask("VolumeDriver.List", JsonObject.EMPTY_JSON_OBJECT);
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
      assertThat(list.getJsonArray("Volumes")).hasSize(2_500);
      assertThat(plugin.get("volume-2499").getString("Name")).isEqualTo("volume-2499");
    }
  }
}
