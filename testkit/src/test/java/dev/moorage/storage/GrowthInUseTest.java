package dev.moorage.storage;

import static dev.moorage.storage.Host.ADMIN;
import static dev.moorage.storage.Host.DOCKER;
import static dev.moorage.storage.Host.ref;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.linux.FileOps;
import dev.moorage.linux.ProjectQuota;
import dev.moorage.testkit.ContainerWrite;
import dev.moorage.testkit.LeakCheck;
import dev.moorage.testkit.TestDisk;
import dev.moorage.testkit.Until;
import dev.moorage.volume.ByteSize;
import dev.moorage.volume.FilesystemType;
import dev.moorage.volume.Owner;
import dev.moorage.volume.SizeRange;
import dev.moorage.volume.Volume;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeName;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Goal: volumes in use grow at once, whatever they are made of, where the kernel has all that Moorage can use. */
@Tag("guest")
@ExtendWith(LeakCheck.class)
final class GrowthInUseTest {

  @ParameterizedTest
  @EnumSource
  void aMountedVolumeGrowsWhileItIsWrittenAndAnUnmountedOneAtItsNextMount(FilesystemType type) throws Exception {
    try (Host host = new Host()) {
      ByteSize first = type == FilesystemType.XFS ? ByteSize.ofMebibytes(320) : ByteSize.ofMebibytes(64);
      host.storage.volumes().create(DOCKER, request(first, type));
      Path path = host.mount("db", "c1");
      long before = FileOps.space(path).total();
      ByteSize second = first.plus(ByteSize.ofMebibytes(64));
      CompletableFuture<Volume> growing = new CompletableFuture<>();
      writeMeanwhile(path.resolve("journal"), () -> growing.complete(host.storage.volumes().grow(ADMIN, ref("db"), second)));
      assertThat(growing.join().filesystemSize()).isEqualTo(second);
      assertThat(FileOps.space(path).total() - before).isBetween(56L << 20, 64L << 20);
      assertThat(host.storage.volumes().status(DOCKER, ref("db")).lastError()).isEmpty();
      host.unmount("db", "c1");
      ByteSize third = second.plus(ByteSize.ofMebibytes(64));
      assertThat(host.storage.volumes().grow(ADMIN, ref("db"), third).filesystemSize()).isEqualTo(second);
      path = host.mount("db", "c1");
      assertThat(FileOps.space(path).total() - before).isBetween(112L << 20, 128L << 20);
      assertThat(Files.size(path.resolve("journal"))).isPositive();
      assertThat(host.storage.volumes().find(DOCKER, ref("db")).orElseThrow().filesystemSize()).isEqualTo(third);
      host.unmount("db", "c1");
    }
  }

  private static CreateVolume request(ByteSize size, FilesystemType type) {
    return new CreateVolume(Owner.DOCKER, new VolumeName("db"), Optional.empty(), Optional.empty(),
        Optional.of(SizeRange.atLeast(size)), Optional.empty(), Optional.of(type), false, new CreateVolume.Source.None(),
        List.of(), Map.of());
  }

  /** Something that may fail. */
  @FunctionalInterface
  private interface Step {
    void run() throws Exception;
  }

  /** Appends and syncs, again and again, until the step is done; fails when a write does. */
  private static void writeMeanwhile(Path file, Step step) throws Exception {
    AtomicBoolean ended = new AtomicBoolean();
    CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> {
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
        while (!ended.get()) {
          channel.write(ByteBuffer.allocate(4096));
          channel.force(false);
        }
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }, task -> Thread.ofPlatform().name("writer").start(task));
    try {
      step.run();
    } finally {
      ended.set(true);
      writing.join();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"XFS", "EXT4"})
  void aDirectoryKeepsToItsSizeFromCreateToTheEmptiedTrash(TestDisk.Kind kind) throws Exception {
    try (Host host = new Host(TestDisk.withProjectQuota(kind, ByteSize.ofMebibytes(1024)))) {
      host.storage.volumes().create(DOCKER, Host.request(Owner.DOCKER, "db", ByteSize.ofMebibytes(32)));
      Path path = host.mount("db", "c1");
      int project = ProjectQuota.projectOf(path);
      assertThat(FileOps.space(path).total()).isEqualTo(32L << 20);
      demandThatItEnds(path, 20, 20);
      // Room for the writer itself, which the full volume has not.
      Files.delete(path.resolve("second"));
      writeMeanwhile(path.resolve("journal"), () -> host.storage.volumes().grow(ADMIN, ref("db"), ByteSize.ofMebibytes(64)));
      demandThatItEnds(path, 40, 30);
      VolumeStatus status = host.storage.volumes().status(DOCKER, ref("db"));
      assertThat(status.volume().spec().size()).isEqualTo(ByteSize.ofMebibytes(64));
      assertThat(status.usedBytes()).isBetween(60L << 20, 64L << 20);
      host.unmount("db", "c1");
      undoAndEmptyTheTrash(host, project);
    }
  }

  private static void demandThatItEnds(Path path, int fits, int doesNot) throws IOException {
    ContainerWrite.zeros(path.resolve("first"), fits);
    assertThatThrownBy(() -> ContainerWrite.zeros(path.resolve("second"), doesNot))
        .hasMessageMatching("(?s).*(No space left on device|Disk quota exceeded).*");
  }

  private static void undoAndEmptyTheTrash(Host host, int project) throws IOException, VolumeException {
    host.storage.volumes().remove(DOCKER, ref("db"));
    host.storage.volumes().undo(DOCKER, ref("db"), Optional.empty());
    host.restart();
    Path path = host.mount("db", "c1");
    assertThatThrownBy(() -> ContainerWrite.zeros(path.resolve("third"), 10)).isInstanceOf(IOException.class);
    host.unmount("db", "c1");
    host.storage.volumes().remove(DOCKER, ref("db"));
    assertThat(host.storage.pools().emptyTrash(ADMIN, Optional.empty())).isEqualTo(1);
    Path root = host.pools.getFirst().root();
    Until.demand("nothing is left of the project", Host.LONG,
        () -> ProjectQuota.usage(root, project).equals(new ProjectQuota.Usage(0, 0, 0)));
  }
}
