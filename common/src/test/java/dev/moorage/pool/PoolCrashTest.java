package dev.moorage.pool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.failpoint.Failpoint;
import dev.moorage.linux.FileOps;
import dev.moorage.linux.Mounts;
import dev.moorage.pool.PoolFixture.HostKind;
import dev.moorage.process.Command;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Kills a process at each step of making, growing and closing a pool file; the next one finds it whole or begins anew. */
@Tag("root")
final class PoolCrashTest {

  static Stream<Failpoint> steps() {
    return EnumSet.range(Failpoint.POOL_ROOT_MADE, Failpoint.POOL_FILE_UNMOUNTED).stream();
  }

  @ParameterizedTest
  @MethodSource("steps")
  void aKillAtTheStepLosesAndLeaksNothing(Failpoint step) throws Exception {
    try (PoolFixture fixture = new PoolFixture()) {
      Path root = fixture.root(HostKind.EXT4);
      try (PoolProcess killed = PoolProcess.start(root, step.name())) {
        assertThat(killed.end()).as("killed at " + step).isEqualTo(137);
      }
      var idAfterKill = Pools.identify(root);
      try (Pool pool = Pools.open(PoolFixture.settings(root))) {
        idAfterKill.ifPresent(id -> assertThat(pool.id()).isEqualTo(id));
        assertWhole(root, pool);
      }
      assertThat(PoolFixture.isMounted(root)).isFalse();
      assertThat(PoolFixture.isAttached(root)).isFalse();
      assertThat(root.toFile().list()).containsExactlyInAnyOrder("lock", "mount", "pool.xfs");
      Command.of("xfs_repair", "-n", root.resolve("pool.xfs").toString()).run();
    }
  }

  private static void assertWhole(Path root, Pool pool) throws Exception {
    Path file = root.resolve("pool.xfs");
    assertThat(Mounts.table().stream().filter(entry -> entry.target().startsWith(root))).hasSize(1);
    assertThat(pool.layout().directories()).allSatisfy(each -> assertThat(each).isDirectory());
    assertThat(Pools.identify(root)).contains(pool.id());
    assertThat(FileOps.allocated(file)).isGreaterThanOrEqualTo(Files.size(file));
    // The log is in the file, not in the filesystem's total.
    assertThat(pool.capacity().total() + (64L << 20)).as("as large as its file").isEqualTo(Files.size(file));
    Files.createFile(pool.layout().tmp().resolve("witness"));
  }
}
