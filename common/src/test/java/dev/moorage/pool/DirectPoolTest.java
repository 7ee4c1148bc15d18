package dev.moorage.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.process.Command;
import dev.moorage.volume.BackendKind;
import dev.moorage.volume.PoolId;
import dev.moorage.volume.PoolName;
import dev.moorage.volume.VolumeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Needs root for the small disks: pools in the directory that the operator named. */
@Tag("root")
final class DirectPoolTest {

  private PoolFixture fixture;

  @BeforeEach
  void makeFixture() throws IOException {
    fixture = new PoolFixture();
  }

  @AfterEach
  void closeFixture() throws IOException {
    fixture.close();
  }

  @Test
  void onXfsWithReflinkThePoolIsTheDirectoryItself() throws Exception {
    Path root = fixture.rootOnXfs();
    try (Pool pool = Pools.open(PoolFixture.settings(root))) {
      assertThat(pool.automatic()).isFalse();
      assertThat(pool.overcommit()).isEqualTo(1.0);
      assertThat(pool.layout().directory()).isEqualTo(root);
      assertThat(pool.layout().directories()).allSatisfy(each -> assertThat(each).isDirectory());
      assertThat(pool.capacity().growable()).isZero();
      assertThat(pool.capacity().promisable()).isBetween(300L << 20, pool.capacity().free());
      assertThat(Command.of("xfs_io", "-c", "cowextsize", pool.layout().tmp().toString()).run()).startsWith("[16384]");
      assertThatThrownBy(() -> pool.grow(1)).isInstanceOf(VolumeException.Unsupported.class);
    }
    assertThat(root.resolve("pool.xfs")).doesNotExist();
  }

  @Test
  void theRecordKeepsTheFirstNameAndTheSettingsGiveTheOneInUse() throws Exception {
    Path root = fixture.rootOnXfs();
    PoolId id;
    try (Pool pool = Pools.open(PoolFixture.settings(root, Optional.of(3.0), BackendKind.IMAGE))) {
      id = pool.id();
    }
    PoolSettings plain = PoolFixture.settings(root);
    PoolSettings renamed = new PoolSettings(new PoolName("fast"), root, plain.backends(), Optional.empty(), plain.defaultSize(),
        plain.trashRetention(), plain.file());
    try (Pool pool = Pools.open(renamed)) {
      assertThat(pool.name()).isEqualTo(new PoolName("fast"));
      assertThat(pool.id()).isEqualTo(id);
      assertThat(pool.overcommit()).as("as it was made").isEqualTo(3.0);
      PoolRecord record = PoolRecord.read(pool.layout().record());
      assertThat(record.name()).isEqualTo(new PoolName("test"));
      assertThat(record.backends()).isEqualTo(List.of(BackendKind.IMAGE));
    }
  }

  @Test
  void onePoolIsOpenOnce() throws Exception {
    Path root = fixture.rootOnXfs();
    try (Pool pool = Pools.open(PoolFixture.settings(root))) {
      assertThatThrownBy(() -> Pools.open(PoolFixture.settings(root))).isInstanceOf(VolumeException.InUse.class)
          .hasMessageContaining("another process has the pool at " + root);
      assertThat(Pools.identify(root)).contains(pool.id());
    }
    try (PoolProcess other = PoolProcess.start(root, "")) {
      assertThat(other.said("open")).isTrue();
      assertThatThrownBy(() -> Pools.open(PoolFixture.settings(root))).isInstanceOf(VolumeException.InUse.class);
      assertThat(other.end()).isZero();
    }
    Pools.open(PoolFixture.settings(root)).close();
  }

  @Test
  void aCopyElsewhereIsTheSamePool() throws Exception {
    Path root = fixture.rootOnXfs();
    Pool pool = Pools.open(PoolFixture.settings(root));
    pool.close();
    Path moved = root.resolveSibling("moved");
    Command.of("cp", "-a", root.toString(), moved.toString()).run();
    try (Pool copy = Pools.open(PoolFixture.settings(moved))) {
      assertThat(copy.id()).isEqualTo(pool.id());
    }
  }

  @Test
  void withoutImagesAnyFilesystemWillDo() throws Exception {
    Path root = fixture.memory("host", "tmpfs", "size=64m").resolve("pool");
    try (Pool pool = Pools.open(PoolFixture.settings(root, Optional.empty(), BackendKind.DIRECTORY))) {
      assertThat(pool.automatic()).isFalse();
      assertThat(pool.layout().directory()).isEqualTo(root);
    }
    assertThatThrownBy(() -> Pools.open(PoolFixture.settings(root)))
        .as("images cannot be added later").isInstanceOf(VolumeException.InvalidArgument.class)
        .hasMessageContaining("is not on XFS with reflink");
  }

  @Test
  void aFreshDiskWithLostAndFoundIsEmptyEnough() throws Exception {
    Path root = fixture.host("disk", "ext4", "", "mkfs.ext4", "-q", "-F");
    assertThat(root.resolve("lost+found")).isDirectory();
    Pools.open(PoolFixture.settings(root, Optional.empty(), BackendKind.DIRECTORY)).close();
  }
}
