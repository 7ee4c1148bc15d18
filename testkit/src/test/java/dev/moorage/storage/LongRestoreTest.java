package dev.moorage.storage;

import static dev.moorage.storage.Host.DOCKER;
import static dev.moorage.storage.Host.ref;
import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.failpoint.Failpoint;
import dev.moorage.linux.FileOps;
import dev.moorage.objectstore.ForwardingStore;
import dev.moorage.objectstore.ObjectKey;
import dev.moorage.objectstore.ObjectStore;
import dev.moorage.objectstore.ObjectStoreException;
import dev.moorage.objectstore.ObjectStream;
import dev.moorage.objectstore.file.FileStores;
import dev.moorage.pool.PoolLayout;
import dev.moorage.record.JsonRecord;
import dev.moorage.testkit.KernelState;
import dev.moorage.testkit.KilledAt;
import dev.moorage.testkit.LeakCheck;
import dev.moorage.testkit.TestDisk;
import dev.moorage.volume.ByteSize;
import dev.moorage.volume.Volume;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A restore of several windows is killed after its journal says that the first is durable. The next start fetches the others only. */
@Tag("root")
@ExtendWith(LeakCheck.class)
final class LongRestoreTest {

  private static final int UNWRITTEN = 0x800;

  /** What was asked of packs: key, offset and length. */
  private static final class Recording extends ForwardingStore {
    private final Set<String> reads = ConcurrentHashMap.newKeySet();

    Recording(ObjectStore to) {
      super(to);
    }

    @Override
    public ObjectStream getRange(ObjectKey key, long offset, int length) throws ObjectStoreException {
      reads.add(key.value() + " " + offset + " " + length);
      return super.getRange(key, offset, length);
    }
  }

  @Test
  void aKillInTheMiddleOfALargeRestoreFetchesNothingAgainThatTheJournalHas() throws Exception {
    try (TestDisk disk = TestDisk.make(TestDisk.Kind.XFS, ByteSize.ofGibibytes(2))) {
      Path directory = disk.directory();
      LongRestoreSteps.prepare(directory);
      assertThat(KilledAt.failpoint(Failpoint.RESTORE_JOURNALLED, 1, LongRestoreSteps.class, directory.toString())).isTrue();
      assertThat(leavesDone(directory)).as("it was killed in the middle").isBetween(1, 60);
      try (ObjectStore store = FileStores.open(directory.resolve("vault"))) {
        Recording again = new Recording(store);
        Recording whole = new Recording(store);
        Path resumed;
        try (Storage storage = LongRestoreSteps.open(directory, SharedStore.at(again).source())) {
          for (Job job : storage.jobs().list()) {
            assertThat(storage.jobs().await(job.id(), Duration.ofSeconds(60)).orElseThrow().state()).isEqualTo(Job.State.DONE);
          }
          resumed = image(storage, directory, "back");
        }
        try (Storage storage = LongRestoreSteps.open(directory, SharedStore.at(whole).source())) {
          LongRestoreSteps.restore(storage, "other");
          assertThat(Files.mismatch(resumed, image(storage, directory, "other"))).isEqualTo(-1);
        }
        Set<String> spared = new HashSet<>(whole.reads);
        spared.removeAll(again.reads);
        assertThat(whole.reads).as("the same reads, but for those that were spared").containsAll(again.reads);
        assertThat(spared).as("of %s reads", whole.reads).isNotEmpty();
        assertThat(again.reads).isNotEmpty();
      }
      assertThat(KernelState.loopsUnder(directory)).isEmpty();
    }
  }

  /** The store is away. */
  private static final class Away extends ForwardingStore {
    Away(ObjectStore to) {
      super(to);
    }

    @Override
    public ObjectStream getRange(ObjectKey key, long offset, int length) throws ObjectStoreException {
      throw new ObjectStoreException.Unavailable("read " + key, "it is away", "", null);
    }
  }

  @ParameterizedTest
  @CsvSource("RESTORE_RUN_WRITTEN, 12")
  void aKillBeforeAllThatIsClaimedIsWrittenLeavesNoVolumeThatCanBeUsedAndNoWrongData(Failpoint failpoint, int times) throws Exception {
    try (TestDisk disk = TestDisk.make(TestDisk.Kind.XFS, ByteSize.ofGibibytes(2))) {
      Path directory = disk.directory();
      LongRestoreSteps.prepare(directory);
      assertThat(KilledAt.failpoint(failpoint, times, LongRestoreSteps.class, directory.toString())).isTrue();
      try (ObjectStore store = FileStores.open(directory.resolve("vault"))) {
        try (Storage storage = LongRestoreSteps.open(directory, SharedStore.at(new Away(store)).source())) {
          assertThat(storage.volumes().find(DOCKER, ref("back")).orElseThrow().awaitsRestore()).isTrue();
          assertThat(unwritten(image(storage, directory, "back"))).as("extents that are claimed and not written").isPositive();
        }
        try (Storage storage = LongRestoreSteps.open(directory, SharedStore.at(store).source())) {
          for (Job job : storage.jobs().list()) {
            assertThat(storage.jobs().await(job.id(), Duration.ofSeconds(60)).orElseThrow().state()).isEqualTo(Job.State.DONE);
          }
          LongRestoreSteps.restore(storage, "other");
          Path resumed = image(storage, directory, "back");
          assertThat(Files.mismatch(resumed, image(storage, directory, "other"))).isEqualTo(-1);
          assertThat(unwritten(resumed)).isZero();
        }
      }
      assertThat(KernelState.loopsUnder(directory)).isEmpty();
    }
  }

  private static long unwritten(Path image) throws IOException {
    return FileOps.extents(image).stream().filter(each -> (each.flags() & UNWRITTEN) != 0).count();
  }

  private static int leavesDone(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(new PoolLayout(directory.resolve("fast")).jobs())) {
      List<Path> journals = files.filter(each -> each.endsWith("journal.json")).toList();
      assertThat(journals).hasSize(1);
      return Math.toIntExact(JsonRecord.read(journals.getFirst(), 1).number("leavesDone"));
    }
  }

  private static Path image(Storage storage, Path directory, String name) throws Exception {
    Volume volume = storage.volumes().find(DOCKER, ref(name)).orElseThrow();
    return new PoolLayout(directory.resolve("fast")).volume(volume.id()).resolve("image");
  }
}
