package dev.moorage.storage;

import static dev.moorage.storage.Host.ADMIN;
import static dev.moorage.storage.Host.DOCKER;
import static dev.moorage.storage.Host.ref;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.pool.PoolFileSettings;
import dev.moorage.pool.PoolSettings;
import dev.moorage.telemetry.Telemetry;
import dev.moorage.testkit.KernelState;
import dev.moorage.testkit.LeakCheck;
import dev.moorage.testkit.Scratch;
import dev.moorage.testkit.TestDisk;
import dev.moorage.volume.BackendKind;
import dev.moorage.volume.ByteSize;
import dev.moorage.volume.Owner;
import dev.moorage.volume.PoolName;
import dev.moorage.volume.VolumeException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Goal: the automatic pool file on hosts of other filesystems, and what a full host does to it: new things are refused early, a writer
 * gets an error, and what was fsynced stays. Method: small disks, filled.
 */
@Tag("root")
@ExtendWith(LeakCheck.class)
final class FullPoolTest {

  private Path run;

  @BeforeEach
  void makeRunDirectory() {
    run = Scratch.directory("run");
  }

  @AfterEach
  void removeRunDirectory() {
    Scratch.remove(run);
  }

  private Storage open(Path root) throws VolumeException {
    PoolFileSettings file = new PoolFileSettings(ByteSize.ofMebibytes(400), ByteSize.ofMebibytes(64), ByteSize.ofMebibytes(64), 0.1);
    PoolSettings pool = new PoolSettings(new PoolName("default"), root, List.of(BackendKind.IMAGE), Optional.empty(),
        ByteSize.ofMebibytes(300), Duration.ofHours(1), file);
    return Storage.open(new StorageSettings(List.of(pool), run), new Telemetry());
  }

  @ParameterizedTest
  @EnumSource(names = {"EXT4", "BTRFS", "TMPFS"})
  void aVolumeInAnAutomaticPoolOutlivesTheService(TestDisk.Kind kind) throws Exception {
    try (TestDisk disk = TestDisk.make(kind, ByteSize.ofGibibytes(1))) {
      Path root = disk.directory().resolve("pool");
      Path path;
      try (Storage storage = open(root)) {
        assertThat(storage.pools().status(Optional.empty()).automatic()).isTrue();
        storage.volumes().create(DOCKER, Host.request(Owner.DOCKER, "db"));
        path = storage.publications().mount(DOCKER, ref("db"), Host.container("c1"));
        Files.writeString(path.resolve("row"), "1");
        storage.snapshots().create(DOCKER, ref("db"), Optional.empty());
      }
      assertThat(path.resolve("row")).as("the container runs on").hasContent("1");
      try (Storage storage = open(root)) {
        assertThat(storage.publications().mount(DOCKER, ref("db"), Host.container("c2"))).isEqualTo(path);
        storage.publications().unmount(DOCKER, ref("db"), Host.container("c1"));
        storage.publications().unmount(DOCKER, ref("db"), Host.container("c2"));
        assertThat(KernelState.mountsUnder(run)).isEmpty();
      }
      assertThat(KernelState.mountsUnder(root)).isEmpty();
    }
  }

  @Test
  void aFullHostRefusesNewThingsAndKeepsWhatWasWritten() throws Exception {
    try (TestDisk disk = TestDisk.make(TestDisk.Kind.EXT4, ByteSize.ofGibibytes(1)); Storage storage = open(disk.directory().resolve("pool"))) {
      storage.volumes().create(DOCKER, Host.request(Owner.DOCKER, "trashed", ByteSize.ofMebibytes(100)));
      storage.volumes().remove(DOCKER, ref("trashed"));
      storage.volumes().create(DOCKER, Host.request(Owner.DOCKER, "db", ByteSize.ofGibibytes(4)));
      Path path = storage.publications().mount(DOCKER, ref("db"), Host.container("c1"));
      Path first = path.resolve("first");
      Files.write(first, pattern());
      sync(first);
      int written = fill(path);
      assertThat(written).as("the pool file grew beyond its first size").isGreaterThan(450);
      assertThat(Files.readAllBytes(first)).isEqualTo(pattern());
      assertThatThrownBy(() -> storage.volumes().create(DOCKER, Host.request(Owner.DOCKER, "late"))).isInstanceOf(VolumeException.NoSpace.class);
      assertThatThrownBy(() -> storage.snapshots().create(DOCKER, ref("db"), Optional.empty())).isInstanceOf(VolumeException.NoSpace.class);
      assertThatThrownBy(() -> storage.volumes().create(DOCKER, Host.from("copy", new CreateVolume.Source.OfVolume(ref("db")))))
          .isInstanceOf(VolumeException.NoSpace.class);
      assertThat(storage.pools().status(Optional.empty()).problem()).hasValueSatisfying(text -> assertThat(text).contains("free"));
      storage.sweepNow();
      assertThat(storage.pools().trash(Optional.empty())).as("the trash went first").isEmpty();
      storage.publications().unmount(DOCKER, ref("db"), Host.container("c1"));
      path = storage.publications().mount(DOCKER, ref("db"), Host.container("c1"));
      assertThat(Files.readAllBytes(path.resolve("first"))).as("after a new mount, from the disk").isEqualTo(pattern());
      storage.publications().unmount(DOCKER, ref("db"), Host.container("c1"));
      storage.volumes().remove(ADMIN, ref("docker/db"));
    }
  }

  private static byte[] pattern() {
    byte[] bytes = new byte[1 << 20];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (i * 31);
    }
    return bytes;
  }

  private static void sync(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }

  /**
   * Writes and syncs MiB after MiB until the writer is told that there is no space; returns how many were taken. At most 45 MiB a
   * second: the pool file grows by a timer, which has to keep ahead of a writer by the headroom, here a small one.
   */
  private static int fill(Path directory) throws IOException, InterruptedException {
    int written = 0;
    try (FileChannel channel =
        FileChannel.open(directory.resolve("fill"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      while (written < 4096) {
        channel.write(ByteBuffer.wrap(pattern()));
        channel.force(false);
        written++;
        Thread.sleep(22);
      }
    } catch (IOException full) {
      assertThat(full).isNotNull();
    }
    return written;
  }
}
