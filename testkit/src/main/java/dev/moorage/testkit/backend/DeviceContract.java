package dev.moorage.testkit.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.backend.Attachment;
import dev.moorage.backend.Cut;
import dev.moorage.backend.Home;
import dev.moorage.backend.Origin;
import dev.moorage.filesystem.Filesystem;
import dev.moorage.testkit.KernelState;
import dev.moorage.testkit.Until;
import dev.moorage.volume.Access;
import dev.moorage.volume.ByteSize;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeSpec;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Devices: one per home, gone when it should be, as large as they say; and the raw bytes of snapshots. */
public interface DeviceContract extends BackendUnderTest {

  private VolumeSpec block(ByteSize size) {
    return new VolumeSpec(size, fixture().spec().backend(), Access.BLOCK, fixture().spec().filesystem(), false);
  }

  private static void waitUntilUnbound(Home home) throws Exception {
    Until.demand("the device of " + home.id() + " is gone", Duration.ofSeconds(20), () -> KernelState.loopsUnder(home.directory()).isEmpty());
  }

  @Test
  default void anAttachedVolumeHasOneDeviceHoweverOftenItIsAttached() throws Exception {
    Home home = fixture().make(block(ByteSize.ofMebibytes(4)), new Origin.Empty());
    VolumeSpec spec = block(ByteSize.ofMebibytes(4));
    for (int time = 0; time < 3; time++) {
      fixture().backend().attach(home, spec).close();
    }
    assertThat(KernelState.loopsUnder(home.directory())).hasSize(1);
    assertThat(fixture().backend().inspect(home).device())
        .hasValue(KernelState.loopsUnder(home.directory()).keySet().iterator().next());
    fixture().backend().detach(home);
    waitUntilUnbound(home);
  }

  @Test
  default void aDeviceForBlockAccessStaysUntilItIsDetached() throws Exception {
    VolumeSpec spec = block(ByteSize.ofMebibytes(4));
    Home home = fixture().make(spec, new Origin.Empty());
    fixture().backend().attach(home, spec).close();
    assertThat(fixture().backend().inspect(home).device()).isPresent();
    fixture().backend().detach(home);
    waitUntilUnbound(home);
    assertThat(fixture().backend().inspect(home).device()).isEmpty();
  }

  @Test
  default void aDeviceForAFilesystemGoesWithItsLastUser() throws Exception {
    VolumeSpec spec = block(ByteSize.ofMebibytes(4));
    Home home = fixture().make(spec, new Origin.Empty());
    VolumeSpec filesystem = new VolumeSpec(spec.size(), spec.backend(), Access.FILESYSTEM, spec.filesystem(), false);
    try (Attachment attachment = fixture().backend().attach(home, filesystem)) {
      assertThat(KernelState.loopsUnder(home.directory())).containsOnlyKeys(attachment.path());
    }
    waitUntilUnbound(home);
  }

  @Test
  default void detachWhileARawUserHasItOpenTakesEffectAtTheLastClose() throws Exception {
    VolumeSpec spec = block(ByteSize.ofMebibytes(4));
    Home home = fixture().make(spec, new Origin.Empty());
    Path device;
    try (Attachment attachment = fixture().backend().attach(home, spec)) {
      device = attachment.path();
    }
    try (FileChannel user = FileChannel.open(device, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      fixture().backend().detach(home);
      user.write(ByteBuffer.allocate(4096).putLong(0, 42), 0);
      user.force(true);
      try (Attachment again = fixture().backend().attach(home, spec)) {
        assertThat(again.path()).isEqualTo(device);
      }
    }
    fixture().backend().detach(home);
    waitUntilUnbound(home);
    try (Consumer consumer = fixture().use(home, spec); FileChannel raw = FileChannel.open(consumer.path())) {
      ByteBuffer block = ByteBuffer.allocate(4096);
      raw.read(block, 0);
      assertThat(block.getLong(0)).isEqualTo(42);
    }
  }

  @Test
  default void aVolumeThatAnotherMountNamespaceUsesIsInUseAndItsDeviceIsFound() throws Exception {
    Home home = fixture().volume();
    try (Elsewhere elsewhere = Elsewhere.use(fixture(), home)) {
      assertThat(fixture().backend().inspect(home).device()).hasValue(elsewhere.device());
      assertThat(fixture().backend().inspect(home).idle()).isEqualTo(elsewhere.isRaw());
      assertThatThrownBy(() -> fixture().backend().delete(home)).isInstanceOf(VolumeException.InUse.class);
      try (Attachment attachment = fixture().backend().attach(home, fixture().spec())) {
        assertThat(attachment.path()).isEqualTo(elsewhere.device());
      }
    }
    fixture().backend().detach(home);
    waitUntilUnbound(home);
    fixture().backend().delete(home);
  }

  @Test
  default void sizesAreRoundedUpToWholeBlocks() throws Exception {
    Home home = fixture().make(block(ByteSize.ofBytes(4097)), new Origin.Empty());
    assertThat(fixture().backend().inspect(home).size()).isEqualTo(ByteSize.ofBytes(8192));
    fixture().backend().grow(home, block(ByteSize.ofBytes(8191)));
    assertThat(fixture().backend().inspect(home).size()).isEqualTo(ByteSize.ofBytes(8192));
  }

  @Test
  default void aSizeThatIsTooSmallIsRefusedAndTheLeastIsNamed() {
    VolumeSpec spec = fixture().spec().withSize(ByteSize.ofBytes(1));
    String least = spec.access() == Access.BLOCK
        ? "4K"
        : Filesystem.of(spec.filesystem()).minimum().toString();
    VolumeSpec none = spec.withSize(ByteSize.ofBytes(0));
    for (VolumeSpec wanted : spec.access() == Access.BLOCK ? List.of(none) : List.of(none, spec)) {
      assertThatThrownBy(() -> fixture().make(wanted, new Origin.Empty()))
          .isInstanceOf(VolumeException.OutOfRange.class).hasMessageContaining(least);
    }
  }

  @Test
  default void aDeviceGrowsWhileItIsInUse() throws Exception {
    VolumeSpec spec = block(ByteSize.ofMebibytes(4));
    Home home = fixture().make(spec, new Origin.Empty());
    try (Consumer consumer = fixture().use(home, spec)) {
      consumer.write(0, 1);
      fixture().backend().grow(home, spec.withSize(ByteSize.ofMebibytes(6)));
      consumer.write(1535, 2);
      assertThat(consumer.read(0)).isEqualTo(1);
      assertThat(consumer.read(1535)).isEqualTo(2);
    }
  }

  @Test
  default void nothingCanBeWrittenPastTheSize() throws Exception {
    VolumeSpec spec = block(ByteSize.ofMebibytes(4));
    Home home = fixture().make(spec, new Origin.Empty());
    try (Consumer consumer = fixture().use(home, spec)) {
      consumer.write(1023, 1);
      assertThatThrownBy(() -> consumer.write(1024, 1)).isInstanceOf(IOException.class);
    }
    assertThat(fixture().backend().inspect(home).allocated()).isLessThanOrEqualTo(ByteSize.ofMebibytes(4).bytes());
  }

  @Test
  default void theRawBytesOfASnapshotAreExactlyTheVolumes() throws Exception {
    VolumeSpec spec = block(ByteSize.ofMebibytes(4));
    Home home = fixture().make(spec, new Origin.Empty());
    try (Consumer consumer = fixture().use(home, spec)) {
      consumer.write(5, 55);
    }
    Home snapshot = fixture().cut(home, Optional.empty());
    Path raw = fixture().backend().raw(snapshot);
    assertThat(Files.size(raw)).isEqualTo(spec.size().bytes());
    try (FileChannel channel = FileChannel.open(raw)) {
      ByteBuffer block = ByteBuffer.allocate(8);
      channel.read(block, 5 * 4096);
      assertThat(block.getLong(0)).isEqualTo(55);
    }
    assertThatThrownBy(() -> fixture().backend().raw(fixture().home())).isInstanceOf(VolumeException.NotFound.class);
  }

  @Test
  default void aSnapshotIsNeverAttachedForWritingNorGrown() throws Exception {
    VolumeSpec spec = block(ByteSize.ofMebibytes(4));
    Home home = fixture().make(spec, new Origin.Empty());
    Home snapshot = fixture().cut(home, Optional.empty());
    try (Attachment attachment = fixture().backend().attach(snapshot, spec)) {
      assertThatThrownBy(() -> {
        try (RandomAccessFile device = new RandomAccessFile(attachment.path().toFile(), "rw")) {
          device.write(1);
          device.getFD().sync();
        }
      }).isInstanceOf(IOException.class);
    }
    fixture().backend().detach(snapshot);
    assertThatThrownBy(() -> fixture().backend().grow(snapshot, spec.withSize(ByteSize.ofMebibytes(8))))
        .isInstanceOf(VolumeException.InvalidArgument.class);
  }

  @Test
  default void aRestoreTargetIsZerosOfExactlyItsSizeUntilItIsWritten() throws Exception {
    Home home = fixture().make(fixture().spec(), new Origin.RestoreTarget());
    Path raw = fixture().backend().raw(home);
    assertThat(Files.size(raw)).isEqualTo(fixture().spec().size().bytes());
    assertThat(fixture().backend().inspect(home).allocated()).isZero();
    Home source = fixture().volume();
    fixture().write(source, 2, 22);
    try (FileChannel from = FileChannel.open(fixture().backend().raw(source));
        FileChannel to = FileChannel.open(raw, StandardOpenOption.WRITE)) {
      from.transferTo(0, from.size(), to);
    }
    assertThat(fixture().read(home, 2)).isEqualTo(22);
  }

  @Test
  default void whatDoesNotFitIntoThePoolIsRefusedAndLeavesTheOthersAlone() throws Exception {
    Home other = fixture().volume();
    fixture().write(other, 0, 1);
    long freeBefore = fixture().backend().capacity().free();
    VolumeSpec spec = fixture().spec();
    VolumeSpec huge = new VolumeSpec(ByteSize.ofGibibytes(64), spec.backend(), Access.BLOCK, spec.filesystem(), true);
    Home home = fixture().home();
    assertThatThrownBy(() -> fixture().backend().create(home, huge, new Origin.Empty())).isInstanceOf(VolumeException.NoSpace.class);
    fixture().backend().delete(home);
    assertThat(home.directory()).isEmptyDirectory();
    assertThat(fixture().backend().capacity().free()).isGreaterThan(freeBefore - ByteSize.ofMebibytes(8).bytes());
    assertThatThrownBy(() -> fixture().backend().grow(other, huge)).isInstanceOf(VolumeException.NoSpace.class);
    assertThat(fixture().backend().inspect(other).size()).isEqualTo(spec.size());
    assertThat(fixture().read(other, 0)).isEqualTo(1);
  }

  @Test
  default void rawDevicesInUseAreNotCutTogetherButAlone() throws Exception {
    VolumeSpec spec = block(ByteSize.ofMebibytes(4));
    Home one = fixture().make(spec, new Origin.Empty());
    Home two = fixture().make(spec, new Origin.Empty());
    try (Consumer consumer = fixture().use(one, spec)) {
      consumer.writeWithoutSync(0, 1);
      List<Cut> both = List.of(new Cut(one, fixture().home(), Optional.empty()), new Cut(two, fixture().home(), Optional.empty()));
      assertThatThrownBy(() -> fixture().backend().cut(both)).isInstanceOf(VolumeException.Unsupported.class);
      Home snapshot = fixture().cut(one, Optional.empty());
      Home clone = fixture().make(spec, new Origin.CloneOf(snapshot));
      try (Consumer copy = fixture().use(clone, spec)) {
        assertThat(copy.read(0)).isEqualTo(1);
      }
    }
  }
}
