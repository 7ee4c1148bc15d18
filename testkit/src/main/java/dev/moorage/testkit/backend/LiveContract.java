package dev.moorage.testkit.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.backend.Cut;
import dev.moorage.backend.Home;
import dev.moorage.backend.Origin;
import dev.moorage.backend.image.ImageBackends;
import dev.moorage.filesystem.Filesystem;
import dev.moorage.linux.Capability;
import dev.moorage.linux.FileOps;
import dev.moorage.testkit.Scratch;
import dev.moorage.testkit.Until;
import dev.moorage.volume.ByteSize;
import dev.moorage.volume.FilesystemType;
import dev.moorage.volume.VolumeException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Volumes with a filesystem that is mounted and written meanwhile. */
public interface LiveContract extends BackendUnderTest {

  private Filesystem filesystem() {
    return Filesystem.of(fixture().spec().filesystem());
  }

  /** Grows the filesystem inside: mounted, or unmounted where the machine does not let us do it mounted. */
  private Consumer growInside(Home home, Consumer consumer) throws IOException, VolumeException {
    if (fixture().spec().filesystem() == FilesystemType.EXT4 && !Capability.SYS_RESOURCE.isEffective()) {
      consumer.close();
      assertThat(filesystem().growUnmounted(fixture().backend().raw(home))).isTrue();
      return fixture().use(home);
    }
    filesystem().grow(fixture().backend().inspect(home).device().orElseThrow(), consumer.path());
    return consumer;
  }

  @Test
  default void snapshotsOfAVolumeBeingWrittenAreMomentsOfIt() throws Exception {
    Home volume = fixture().volume();
    List<Home> snapshots = new ArrayList<>();
    try (Consumer consumer = fixture().use(volume);
        Writer writer = Writer.start(consumer, consumer)) {
      for (int count = 0; count < 4; count++) {
        writer.awaitMore();
        snapshots.add(fixture().cut(volume, consumer.mountPoint()));
      }
    }
    long before = 0;
    for (Home snapshot : snapshots) {
      List<Long> values = fixture().readSnapshot(snapshot, Writer.FIRST, Writer.SECOND);
      assertThat(values.get(0) - values.get(1)).as("the first is one ahead at most").isBetween(0L, 1L);
      assertThat(values.get(1)).isGreaterThan(before);
      before = values.get(0);
    }
  }

  @Test
  default void clonesOfAVolumeBeingWrittenAreMomentsOfItAndSound() throws Exception {
    Home volume = fixture().volume();
    Home clone;
    try (Consumer consumer = fixture().use(volume);
        Writer writer = Writer.start(consumer, consumer)) {
      writer.awaitMore();
      clone = fixture().make(fixture().spec(), new Origin.CloneOf(volume, consumer.mountPoint()));
      writer.awaitMore();
    }
    try (Consumer consumer = fixture().use(clone)) {
      assertThat(consumer.read(Writer.FIRST) - consumer.read(Writer.SECOND)).isBetween(0L, 1L);
      assertThat(consumer.read(Writer.SECOND)).isPositive();
    }
    // The mount replayed the journal; now nothing may be wrong.
    filesystem().check(fixture().backend().raw(clone));
  }

  @Test
  default void aCutOfTwoVolumesIsOneMomentOfBoth() throws Exception {
    Home one = fixture().volume();
    Home two = fixture().volume();
    List<Home> firsts = new ArrayList<>();
    List<Home> seconds = new ArrayList<>();
    try (Consumer first = fixture().use(one);
        Consumer second = fixture().use(two);
        Writer writer = Writer.start(first, second)) {
      for (int count = 0; count < 4; count++) {
        writer.awaitMore();
        firsts.add(fixture().homeIn(fixture().pool().layout().snapshots()));
        seconds.add(fixture().homeIn(fixture().pool().layout().snapshots()));
        fixture().backend().cut(List.of(
            new Cut(one, firsts.getLast(), first.mountPoint()), new Cut(two, seconds.getLast(), second.mountPoint())));
      }
      writer.awaitMore();
    }
    for (int count = 0; count < firsts.size(); count++) {
      long ahead = fixture().readSnapshot(firsts.get(count), Writer.FIRST).getFirst();
      long behind = fixture().readSnapshot(seconds.get(count), Writer.SECOND).getFirst();
      assertThat(ahead - behind).as("the second never is ahead of the first, nor far behind").isBetween(0L, 1L);
    }
  }

  @Test
  default void aCutThatFailsLeavesNothingFrozen() throws Exception {
    Home one = fixture().volume();
    Home two = fixture().volume();
    try (Consumer first = fixture().use(one);
        Consumer second = fixture().use(two)) {
      Home good = fixture().homeIn(fixture().pool().layout().snapshots());
      Home bad = new Home(UUID.randomUUID(), good.directory().resolve("absent"));
      assertThatThrownBy(() -> fixture().backend().cut(
          List.of(new Cut(one, good, first.mountPoint()), new Cut(two, bad, second.mountPoint()))))
          .isInstanceOf(VolumeException.class);
      first.write(0, 1);
      second.write(0, 1);
      assertThatThrownBy(() -> FileOps.thaw(first.path())).hasMessageContaining("invalid");
    }
  }

  @Test
  default void aCutIsRefusedWhereTheVolumeIsNotMounted() throws Exception {
    Home volume = fixture().volume();
    Home other = fixture().volume();
    Path elsewhere = Scratch.directory("elsewhere");
    try (Consumer consumer = fixture().use(volume);
        Consumer wrong = fixture().use(other)) {
      for (Path path : List.of(elsewhere, wrong.path(), consumer.path().resolve("absent"))) {
        assertThatThrownBy(() -> fixture().cut(volume, Optional.of(path))).isInstanceOf(VolumeException.InvalidArgument.class);
      }
    }
    assertThatThrownBy(() -> fixture().cut(volume, Optional.of(elsewhere))).isInstanceOf(VolumeException.InvalidArgument.class);
    Scratch.remove(elsewhere);
  }

  @Test
  default void whatADeadProcessLeftFrozenIsThawedAndWhatSomebodyElseFrozeIsBusy() throws Exception {
    Home one = fixture().volume();
    Home two = fixture().volume();
    try (Consumer first = fixture().use(one);
        Consumer second = fixture().use(two)) {
      first.write(0, 1);
      FileOps.freeze(first.path());
      try {
        List<Cut> members = List.of(
            new Cut(one, fixture().home(), first.mountPoint()), new Cut(two, fixture().home(), second.mountPoint()));
        assertThatThrownBy(() -> fixture().backend().cut(members)).isInstanceOf(VolumeException.Busy.class);
        second.write(0, 2);
      } finally {
        ImageBackends.thaw(first.path());
      }
      ImageBackends.thaw(first.path());
      first.write(0, 3);
      assertThat(first.read(0)).isEqualTo(3);
    }
  }

  @Test
  default void aVolumeGrowsWhileItIsMounted() throws Exception {
    Home volume = fixture().volume();
    try (Consumer consumer = fixture().use(volume)) {
      consumer.write(0, 1);
      long before = FileOps.space(consumer.path()).total();
      fixture().backend().grow(volume, fixture().larger(ByteSize.ofMebibytes(64)));
      Consumer grown = growInside(volume, consumer);
      assertThat(FileOps.space(grown.path()).total()).isGreaterThan(before + ByteSize.ofMebibytes(40).bytes());
      assertThat(grown.read(0)).isEqualTo(1);
    }
  }

  @Test
  default void aLargerCloneHoldsTheOldFilesystemAndGrowsWhenMounted() throws Exception {
    Home volume = fixture().volume();
    fixture().write(volume, 0, 1);
    Home clone = fixture().make(fixture().larger(ByteSize.ofMebibytes(64)), new Origin.CloneOf(volume));
    try (Consumer consumer = fixture().use(clone)) {
      long before = FileOps.space(consumer.path()).total();
      assertThat(before).isLessThanOrEqualTo(fixture().spec().size().bytes());
      Consumer grown = growInside(clone, consumer);
      assertThat(FileOps.space(grown.path()).total()).isGreaterThan(before + ByteSize.ofMebibytes(40).bytes());
      assertThat(grown.read(0)).isEqualTo(1);
    }
  }

  @Test
  default void aVolumeNeverHoldsMoreThanItsSize() throws Exception {
    Home volume = fixture().volume();
    try (Consumer consumer = fixture().use(volume)) {
      Path file = consumer.path().resolve("fill");
      long written = fill(file);
      assertThat(written).isLessThan(fixture().spec().size().bytes());
      // A little may fit once what was reserved for the first file is settled.
      assertThat(fill(consumer.path().resolve("more"))).isLessThan(ByteSize.ofMebibytes(16).bytes());
    }
    assertThat(fixture().backend().inspect(volume).allocated()).isLessThanOrEqualTo(fixture().spec().size().bytes());
  }

  /** Writes until nothing more fits; returns the bytes that did. */
  private static long fill(Path file) throws IOException {
    ByteBuffer piece = ByteBuffer.allocateDirect(4 << 20);
    long written = 0;
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      while (true) {
        written += channel.write(piece.clear());
      }
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("No space left on device");
      return written;
    }
  }

  @Test
  default void whatIsDeletedInsideGivesItsSpaceBackToThePool() throws Exception {
    Home volume = fixture().volume();
    long written = ByteSize.ofMebibytes(16).bytes();
    try (Consumer consumer = fixture().use(volume)) {
      Path file = Files.write(consumer.path().resolve("large"), new byte[(int) written]);
      FileOps.syncfs(consumer.path());
      long full = fixture().backend().inspect(volume).allocated();
      assertThat(full).isGreaterThanOrEqualTo(written);
      Files.delete(file);
      FileOps.syncfs(consumer.path());
      Until.demand("the space is given back", Duration.ofSeconds(20), () -> {
        FileOps.trim(consumer.path());
        return fixture().backend().inspect(volume).allocated() < full - written / 2;
      });
    }
  }
}
