package dev.moorage.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.volume.Access;
import dev.moorage.volume.BackendKind;
import dev.moorage.volume.ByteSize;
import dev.moorage.volume.FilesystemType;
import dev.moorage.volume.Owner;
import dev.moorage.volume.PoolId;
import dev.moorage.volume.RemoteCopy;
import dev.moorage.volume.Snapshot;
import dev.moorage.volume.SnapshotId;
import dev.moorage.volume.SnapshotName;
import dev.moorage.volume.VolumeId;
import dev.moorage.volume.VolumeName;
import dev.moorage.volume.VolumeSpec;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Goal: a look-up costs the same however many snapshots there are, and never misses one whose record is changing. */
class IndexTest {

  private static final int MANY = 20_000;
  private static final UUID GROUP = new UUID(1, 1);
  private static final PoolId POOL = PoolId.parse("4c7e9a3e-5a44-4d5b-9a0c-000000000001");

  private static Snapshot snapshot(int number, String name) {
    VolumeSpec spec = new VolumeSpec(ByteSize.ofMebibytes(64), BackendKind.IMAGE, Access.FILESYSTEM, FilesystemType.EXT4, false);
    VolumeId volume = new VolumeId(new UUID(2, number));
    return new Snapshot(new SnapshotId(new UUID(3, number)), volume, Owner.DOCKER, new VolumeName("v" + number), new SnapshotName(name), POOL,
        spec, volume, spec.size(), ByteSize.ofMebibytes(1), number == 0 ? Optional.of(GROUP) : Optional.empty(), Instant.EPOCH,
        Optional.empty(), List.of());
  }

  private static Index.SnapshotLabel label(String name) {
    return new Index.SnapshotLabel(Owner.DOCKER, new SnapshotName(name));
  }

  /** Half of them have one name, as those of a schedule do. A look at all of them for each question would take minutes. */
  @Test
  void manySnapshotsAreAddedFoundAndTakenAwayInAMoment() {
    long begun = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    Index index = new Index();
    for (int i = 0; i < MANY; i++) {
      index.add(snapshot(i, i % 2 == 0 ? "nightly" : "s" + i));
    }
    for (int i = 1; i < MANY; i += 2) {
      assertThat(index.snapshotsNamed(label("s" + i)).iterator().next().id().value().getLeastSignificantBits()).isEqualTo(i);
      assertThat(index.snapshotsOfGroup(new UUID(9, i)).isEmpty()).isTrue();
    }
    assertThat(index.snapshotsNamed(label("nightly"))).hasSize(MANY / 2);
    assertThat(index.snapshotsOfGroup(GROUP)).hasSize(1);
    for (int i = 0; i < MANY; i++) {
      index.addTrashed(snapshot(i, i % 2 == 0 ? "nightly" : "s" + i));
    }
    assertThat(index.snapshotsNamed(label("nightly"))).isEmpty();
    assertThat(index.snapshotsOfGroup(GROUP)).isEmpty();
    assertThat(Duration.ofNanos(ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - begun)).isLessThan(Duration.ofSeconds(5));
  }

  @Test
  void aSnapshotIsFoundWhileItsRecordChanges() throws Exception {
    Index index = new Index();
    Snapshot one = snapshot(0, "nightly");
    index.add(one);
    AtomicBoolean ended = new AtomicBoolean();
    try (ExecutorService threads = Executors.newSingleThreadExecutor()) {
      Future<Integer> missed = threads.submit(() -> {
        int misses = 0;
        while (!ended.get()) {
          boolean found = index.snapshot(one.id()).isPresent() && index.snapshotsOf(one.volume()).size() == 1
              && index.snapshotsOf(new Index.Label(one.owner(), one.volumeName())).size() == 1
              && index.snapshotsNamed(label("nightly")).size() == 1 && index.snapshotsOfGroup(GROUP).size() == 1;
          misses += found ? 0 : 1;
        }
        return misses;
      });
      for (int i = 0; i < MANY; i++) {
        index.replace(one.withRemote(new RemoteCopy("vault", GROUP, i, Instant.EPOCH)));
      }
      ended.set(true);
      assertThat(missed.get()).isZero();
    }
    assertThat(index.snapshotsNamed(label("nightly"))).singleElement()
        .satisfies(each -> assertThat(each.remotes().getFirst().seq()).isEqualTo(MANY - 1));
  }
}
