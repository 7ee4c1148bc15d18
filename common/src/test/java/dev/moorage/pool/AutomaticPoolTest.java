package dev.moorage.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.linux.Errno;
import dev.moorage.linux.ErrnoException;
import dev.moorage.linux.FileOps;
import dev.moorage.linux.ForeignNamespace;
import dev.moorage.linux.LoopDevices;
import dev.moorage.linux.Mounts;
import dev.moorage.pool.PoolFixture.HostKind;
import dev.moorage.process.Command;
import dev.moorage.volume.BackendKind;
import dev.moorage.volume.PoolId;
import dev.moorage.volume.VolumeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Needs root, loop devices and mounts: the pool file on the filesystems that people have. */
@Tag("root")
final class AutomaticPoolTest {

  private static final long MEBIBYTE = 1L << 20;

  private PoolFixture fixture;

  @BeforeEach
  void makeFixture() throws IOException {
    fixture = new PoolFixture();
  }

  @AfterEach
  void closeFixture() throws IOException {
    fixture.close();
  }

  @ParameterizedTest
  @EnumSource(HostKind.class)
  void aPoolFileIsMadeWhollyOwnedAndMounted(HostKind kind) throws Exception {
    Path root = fixture.root(kind);
    PoolId id;
    try (Pool pool = Pools.open(PoolFixture.settings(root))) {
      id = pool.id();
      assertThat(pool.automatic()).isTrue();
      assertThat(pool.overcommit()).isEqualTo(PoolSettings.AUTOMATIC_OVERCOMMIT);
      assertThat(pool.layout().directory()).isEqualTo(root.resolve("mount"));
      assertThat(FileOps.supportsReflink(pool.layout().tmp())).isTrue();
      assertThat(FileOps.allocated(root.resolve("pool.xfs"))).isGreaterThanOrEqualTo(384 * MEBIBYTE);
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(pool.layout().directory()))).isEqualTo("rwx------");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(root))).isEqualTo("rwx------");
      Files.writeString(pool.layout().volumes().resolve("witness"), "kept");
    }
    assertThat(PoolFixture.isMounted(root)).isFalse();
    assertThat(PoolFixture.isAttached(root)).isFalse();
    assertThat(Pools.identify(root)).contains(id);
    try (Pool pool = Pools.open(PoolFixture.settings(root))) {
      assertThat(pool.id()).isEqualTo(id);
      assertThat(pool.layout().volumes().resolve("witness")).hasContent("kept");
    }
  }

  @Test
  void newImagesInheritTheSmallCopyOnWriteExtent() throws Exception {
    Path root = fixture.root(HostKind.EXT4);
    try (Pool pool = Pools.open(PoolFixture.settings(root))) {
      Path home = Files.createDirectory(pool.layout().tmp().resolve("home"));
      Path image = Files.createFile(home.resolve("image"));
      assertThat(Command.of("xfs_io", "-c", "cowextsize", image.toString()).run()).startsWith("[16384]");
    }
  }

  @ParameterizedTest
  @EnumSource(HostKind.class)
  void growthKeepsTheReserveOfTheHostAndNeverLeavesAHole(HostKind kind) throws Exception {
    Path root = fixture.root(kind);
    try (Pool pool = Pools.open(PoolFixture.settings(root))) {
      assertThat(pool.ensureHeadroom(0)).isTrue();
      long before = pool.capacity().total();
      assertThat(pool.ensureHeadroom(512 * MEBIBYTE)).isTrue();
      assertThat(pool.capacity().free()).isGreaterThanOrEqualTo((512 + 128) * MEBIBYTE);
      assertThat(pool.capacity().total()).isGreaterThan(before);
      assertThatThrownBy(() -> pool.grow(1L << 40)).isInstanceOf(VolumeException.NoSpace.class)
          .hasMessageStartingWith("cannot grow pool test: the pool file needs 1T");
      long total = pool.capacity().total();
      assertThat(pool.ensureHeadroom(1L << 40)).as("a hopeless wish").isFalse();
      assertThat(pool.capacity().total()).as("takes nothing").isEqualTo(total);
      pool.grow(pool.capacity().growable() / MEBIBYTE * MEBIBYTE);
      FileOps.Space host = FileOps.space(root);
      assertThat(host.available()).isBetween((long) (host.total() * 0.10) - MEBIBYTE, (long) (host.total() * 0.10) + 32 * MEBIBYTE);
      assertThat(FileOps.allocated(root.resolve("pool.xfs"))).isGreaterThanOrEqualTo(Files.size(root.resolve("pool.xfs")));
    }
  }

  @Test
  void aPoolThatFillsGrowsWhileTheHostCanGive() throws Exception {
    Path root = fixture.root(HostKind.EXT4);
    try (Pool pool = Pools.open(PoolFixture.settings(root))) {
      int files = 0;
      while (pool.ensureHeadroom(0)) {
        FileOps.allocate(Files.createFile(pool.layout().tmp().resolve("file" + files)), 0, 64 * MEBIBYTE);
        files++;
      }
      assertThat(files).isBetween(18, 27);
      assertThat(pool.capacity().growable()).isLessThan(16 * MEBIBYTE);
    }
  }

  @Test
  void aHostThatIsNearlyFullIsRefusedEarlyAndNothingStays() throws Exception {
    Path root = fixture.root(HostKind.EXT4);
    Path ballast = Files.createFile(root.resolveSibling("others"));
    FileOps.allocate(ballast, 0, FileOps.space(root.getRoot().resolve(ballast)).available() - 400 * MEBIBYTE);
    assertThatThrownBy(() -> Pools.open(PoolFixture.settings(root)))
        .isInstanceOf(VolumeException.NoSpace.class)
        .hasMessageContaining("are kept for others");
    assertThat(root.resolve("pool.xfs")).doesNotExist();
    assertThat(root.resolve("pool.xfs.new")).doesNotExist();
    Files.delete(ballast);
    Pools.open(PoolFixture.settings(root)).close();
  }

  @Test
  void whatIsInUseStaysMountedAndIsAdopted() throws Exception {
    Path root = fixture.root(HostKind.EXT4);
    Pool first = Pools.open(PoolFixture.settings(root));
    try (var open = Files.newOutputStream(first.layout().volumes().resolve("image"))) {
      first.close();
      assertThat(PoolFixture.isMounted(root)).isTrue();
      Pool second = Pools.open(PoolFixture.settings(root));
      open.write(1);
      second.close();
      assertThat(PoolFixture.isMounted(root)).isTrue();
    }
    Pools.open(PoolFixture.settings(root)).close();
    assertThat(PoolFixture.isMounted(root)).isFalse();
    assertThat(PoolFixture.isAttached(root)).isFalse();
  }

  @Test
  void aPoolThatAKilledProcessLeftMountedIsAdopted() throws Exception {
    Path root = fixture.root(HostKind.EXT4);
    try (PoolProcess other = PoolProcess.start(root, "")) {
      assertThat(other.said("grown")).isTrue();
      assertThatThrownBy(() -> Pools.open(PoolFixture.settings(root)))
          .isInstanceOf(VolumeException.InUse.class)
          .hasMessageContaining(root.toString());
      assertThat(Pools.identify(root)).isPresent();
      other.kill();
    }
    assertThat(PoolFixture.isMounted(root)).isTrue();
    String source = Mounts.at(root.resolve("mount")).orElseThrow().source();
    try (Pool pool = Pools.open(PoolFixture.settings(root))) {
      assertThat(Mounts.at(root.resolve("mount")).orElseThrow().source()).isEqualTo(source);
      assertThat(Mounts.table().stream().filter(entry -> entry.target().startsWith(root))).hasSize(1);
      assertThat(pool.id()).isEqualTo(Pools.identify(root).orElseThrow());
    }
    assertThat(PoolFixture.isMounted(root)).isFalse();
  }

  @Test
  void aMountThatIsOfAnotherFileOrReadOnlyIsReplaced() throws Exception {
    Path root = fixture.root(HostKind.EXT4);
    leaveMounted(root);
    Path file = root.resolve("pool.xfs");
    Command.of("cp", file.toString(), root.resolve("copy").toString()).run();
    Files.delete(file);
    Files.move(root.resolve("copy"), file);
    // The mount that is replaced may live on for a moment in the namespace of another test's container.
    await(() -> opens(root));
    try (Pool pool = Pools.open(PoolFixture.settings(root))) {
      assertThat(FileOps.allocated(file)).as("a copy has holes").isGreaterThanOrEqualTo(Files.size(file));
      Files.createFile(pool.layout().tmp().resolve("written"));
    }
    leaveMounted(root);
    Command.of("mount", "-o", "remount,ro", root.resolve("mount").toString()).run();
    try (Pool pool = Pools.open(PoolFixture.settings(root))) {
      Files.delete(pool.layout().tmp().resolve("written"));
    }
    assertThat(PoolFixture.isMounted(root)).isFalse();
  }

  private static boolean opens(Path root) throws VolumeException {
    try (Pool pool = Pools.open(PoolFixture.settings(root))) {
      return pool.automatic();
    } catch (VolumeException.AlreadyExists stillMounted) {
      return false;
    }
  }

  @Test
  void aFilesystemThatTheKernelShutDownIsMountedAnew() throws Exception {
    Path root = fixture.root(HostKind.EXT4);
    leaveMounted(root);
    Command.of("xfs_io", "-x", "-c", "shutdown -f", root.resolve("mount").toString()).run();
    try (Pool pool = Pools.open(PoolFixture.settings(root))) {
      Files.createFile(pool.layout().tmp().resolve("written"));
    }
    assertThat(PoolFixture.isMounted(root)).isFalse();
  }

  private static void leaveMounted(Path root) throws Exception {
    try (PoolProcess other = PoolProcess.start(root, "")) {
      assertThat(other.said("grown")).isTrue();
      other.kill();
    }
    assertThat(PoolFixture.isMounted(root)).isTrue();
  }

  @Test
  void blocksThatTheFileLostAreClaimedAgain() throws Exception {
    Path root = fixture.root(HostKind.EXT4);
    Path file = root.resolve("pool.xfs");
    try (Pool pool = Pools.open(PoolFixture.settings(root))) {
      FileOps.trim(pool.layout().directory());
      // XFS trims in the background.
      await(() -> FileOps.allocated(file) < Files.size(file));
      await(() -> pool.ensureHeadroom(0) && FileOps.allocated(file) >= Files.size(file));
      FileOps.trim(pool.layout().directory());
    }
    Pools.open(PoolFixture.settings(root)).close();
    assertThat(FileOps.allocated(file)).isGreaterThanOrEqualTo(Files.size(file));
  }

  private static void await(Callable<Boolean> condition) throws Exception {
    long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (!condition.call()) {
      assertThat(System.nanoTime()).as("it does not come true").isLessThan(deadline);
      LockSupport.parkNanos(Duration.ofMillis(2).toNanos());
    }
  }

  @Test
  void aCopyOfThePoolIsTheSamePoolButNotBesideIt() throws Exception {
    Path root = fixture.root(HostKind.EXT4);
    Pool pool = Pools.open(PoolFixture.settings(root));
    pool.close();
    Path moved = root.resolveSibling("moved");
    fixture.removeMountOf(moved);
    Command.of("cp", "-a", root.toString(), moved.toString()).run();
    try (Pool copy = Pools.open(PoolFixture.settings(moved))) {
      assertThat(copy.id()).isEqualTo(pool.id());
      assertThatThrownBy(() -> Pools.open(PoolFixture.settings(root)))
          .isInstanceOf(VolumeException.AlreadyExists.class)
          .hasMessageContaining("one is a copy of the other");
      assertThat(PoolFixture.isMounted(root)).isFalse();
      assertThat(PoolFixture.isAttached(root)).isFalse();
    }
  }

  @Test
  void aPoolFileStaysThePoolWhenTheSettingsNoLongerNameImages() throws Exception {
    Path root = fixture.root(HostKind.EXT4);
    Pool first = Pools.open(PoolFixture.settings(root));
    first.close();
    try (Pool pool = Pools.open(PoolFixture.settings(root, Optional.of(2.0), BackendKind.DIRECTORY))) {
      assertThat(pool.id()).isEqualTo(first.id());
      assertThat(pool.overcommit()).isEqualTo(2.0);
    }
  }

  @Test
  void anExchangedRecordIsCorruptAndTheFileIsReleased() throws Exception {
    Path root = fixture.root(HostKind.EXT4);
    try (Pool pool = Pools.open(PoolFixture.settings(root))) {
      String record = Files.readString(pool.layout().record());
      Files.writeString(pool.layout().record(), record.replace(pool.id().toString(), PoolId.random().toString()));
    }
    assertThatThrownBy(() -> Pools.open(PoolFixture.settings(root))).isInstanceOf(VolumeException.Corrupt.class);
    assertThat(PoolFixture.isMounted(root)).isFalse();
    assertThat(PoolFixture.isAttached(root)).isFalse();
  }

  @Test
  void aPoolFileThatIsNoFilesystemIsCorrupt() throws Exception {
    Path root = Files.createDirectory(fixture.workspace().path("pool"));
    Files.writeString(root.resolve("pool.xfs"), "not an image");
    assertThatThrownBy(() -> Pools.identify(root)).isInstanceOf(VolumeException.Corrupt.class);
    assertThatThrownBy(() -> Pools.open(PoolFixture.settings(root))).isInstanceOf(VolumeException.class);
  }

  @Test
  void aFilesystemWhoseClaimsAreNotCertainIsRefusedWithTheRemedy() throws Exception {
    Path root = fixture.memory("host", "ramfs", "").resolve("pool");
    assertThatThrownBy(() -> Pools.open(PoolFixture.settings(root)))
        .isInstanceOf(VolumeException.Unsupported.class)
        .hasMessageContaining("the backend 'directory' alone");
    Pools.open(PoolFixture.settings(root, Optional.empty(), BackendKind.DIRECTORY)).close();
  }

  @Test
  void everyPromisedByteCanBeWrittenThoughScattered() throws Exception {
    Path root = fixture.root(HostKind.TMPFS);
    try (Pool pool = Pools.open(PoolFixture.settings(root, Optional.of(1.0), BackendKind.IMAGE))) {
      PoolCapacity capacity = pool.capacity();
      long promised = capacity.promisable() - capacity.growable() + capacity.growable() / 50;
      ScatteredWrites.fill(pool.layout().tmp(), promised / 2);
      assertThat(pool.capacity().free()).isPositive();
    }
  }

  @ParameterizedTest
  @EnumSource(HostKind.class)
  void aHostFilledToItsLastByteTakesNothingThatThePoolPromised(HostKind kind) throws Exception {
    Path root = fixture.root(kind);
    // Btrfs is slow when it is full: few blocks must do.
    long bytesEach = 12 * MEBIBYTE;
    try (Pool pool = Pools.open(PoolFixture.settings(root))) {
      fillUp(Files.createFile(root.resolveSibling("others")));
      assertThat(pool.ensureHeadroom(0)).as("128 MiB of headroom are there").isTrue();
      FileOps.allocate(Files.createFile(pool.layout().tmp().resolve("filler")), 0, 180 * MEBIBYTE);
      ScatteredWrites.fill(pool.layout().tmp(), bytesEach);
      assertThat(pool.ensureHeadroom(0)).as("the host has nothing more").isFalse();
      assertThat(pool.capacity().growable()).isZero();
    }
    try (Pool pool = Pools.open(PoolFixture.settings(root))) {
      assertThat(ScatteredWrites.areWhole(pool.layout().tmp(), bytesEach)).isTrue();
    }
  }

  private static void fillUp(Path file) throws IOException {
    for (long step = 64 * MEBIBYTE; step >= 4096; step /= 2) {
      try {
        while (true) {
          FileOps.allocate(file, Files.size(file), step);
        }
      } catch (ErrnoException full) {
        assertThat(full.is(Errno.ENOSPC)).isTrue();
      }
    }
  }

  @Test
  void aPoolThatIsMountedInAnotherNamespaceOnlyKeepsItsDevice() throws Exception {
    Path root = fixture.root(HostKind.EXT4);
    leaveMounted(root);
    String source = Mounts.at(root.resolve("mount")).orElseThrow().source();
    try (ForeignNamespace container = ForeignNamespace.open()) {
      assertThat(container.isAlive()).isTrue();
      Mounts.unmount(root.resolve("mount"));
      try (Pool pool = Pools.open(PoolFixture.settings(root))) {
        assertThat(Mounts.at(pool.layout().directory()).orElseThrow().source()).isEqualTo(source);
      }
      assertThat(LoopDevices.find(root.resolve("pool.xfs"))).as("the other namespace has it mounted").isPresent();
    }
    await(() -> !PoolFixture.isAttached(root));
  }

  @Test
  void somethingElseMountedInTheWayIsNamed() throws Exception {
    Path root = fixture.root(HostKind.EXT4);
    Pools.open(PoolFixture.settings(root)).close();
    Mounts.mount(Path.of("tmpfs"), root.resolve("mount"), "tmpfs", Set.of(), "");
    assertThatThrownBy(() -> Pools.open(PoolFixture.settings(root)))
        .isInstanceOf(VolumeException.InvalidArgument.class)
        .hasMessageContaining("tmpfs is mounted on");
  }
}
