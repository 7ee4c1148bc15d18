package dev.moorage.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.linux.LoopDevices.Held;
import dev.moorage.linux.LoopDevices.Options;
import dev.moorage.process.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Real loop devices on small images. */
@Tag("root")
final class LoopDevicesTest {

  private static final long SIZE = 16L << 20;
  private static final Options WRITABLE = new Options(false, true);
  private static final Options READ_ONLY = new Options(true, true);

  @SuppressWarnings("NullAway.Init")
  private RootWorkspace workspace;

  @BeforeEach
  void createWorkspace() throws IOException {
    workspace = RootWorkspace.create();
  }

  @AfterEach
  void closeWorkspace() throws IOException {
    workspace.close();
  }

  @Test
  void twoAttachesGiveOneDevice() throws IOException {
    Path image = workspace.image("image", SIZE);
    try (Held first = LoopDevices.attach(image, WRITABLE);
        Held second = LoopDevices.attach(image, WRITABLE)) {
      assertThat(second.device()).isEqualTo(first.device());
      assertThat(LoopDevices.find(image)).contains(first.device());
    }
    assertThat(LoopDevices.find(image)).isEmpty();
  }

  @Test
  void theKernelUsesDirectIoAndBlocksOf4096Bytes() throws IOException {
    Path image = workspace.image("image", SIZE);
    try (Held held = LoopDevices.attach(image, WRITABLE)) {
      assertThat(LoopSysfs.isDirect(held.device())).isTrue();
      assertThat(LoopSysfs.blockBytes(held.device())).isEqualTo(4096);
    }
  }

  @Test
  void aFileThatWasReflinkedIsAttachedTheSameWay() throws IOException {
    Path pool = workspace.xfs("pool");
    Path image = workspace.image(pool.resolve("image"), SIZE);
    FileOps.allocate(image, 0, SIZE);
    try (Held held = LoopDevices.attach(image, WRITABLE)) {
      assertThat(LoopSysfs.isDirect(held.device())).isTrue();
      assertThat(LoopSysfs.blockBytes(held.device())).isEqualTo(4096);
    }
    FileOps.reflink(image, pool.resolve("clone"));
    for (String name : new String[] {"image", "clone"}) {
      try (Held held = LoopDevices.attach(pool.resolve(name), WRITABLE)) {
        assertThat(LoopSysfs.isDirect(held.device())).isTrue();
        assertThat(LoopSysfs.blockBytes(held.device())).isEqualTo(4096);
      }
    }
  }

  @Test
  void aFileIsFoundAfterItWasRenamedAndDeleted() throws IOException {
    Path image = workspace.image("image", SIZE);
    try (Held held = LoopDevices.attach(image, WRITABLE)) {
      Path renamed = Files.move(image, workspace.path("renamed"));
      assertThat(LoopDevices.find(renamed)).contains(held.device());
      FileIdentity identity = FileIdentity.of(renamed);
      Files.delete(renamed);
      assertThat(LoopDevices.find(identity)).contains(held.device());
      assertThat(LoopDevices.bound()).contains(new LoopDevices.Binding(held.device(), identity, false, true));
    }
  }

  @Test
  void theLeaseIsRefusedWhileADeviceOrAReaderHasTheFile() throws IOException {
    Path image = workspace.image("image", SIZE);
    assertThat(isOnlyOpenHere(image)).isTrue();
    try (OpenFile reader = OpenFile.open(image, OpenFile.READ)) {
      assertThat(isOnlyOpenHere(image)).isFalse();
      assertThat(reader.isOnlyOpenHere()).isTrue();
    }
    for (Options options : new Options[] {WRITABLE, READ_ONLY}) {
      try (Held held = LoopDevices.attach(image, options)) {
        assertThat(isOnlyOpenHere(image)).as(held.device().toString()).isFalse();
      }
      assertThat(isOnlyOpenHere(image)).isTrue();
    }
  }

  private static boolean isOnlyOpenHere(Path image) throws IOException {
    try (OpenFile file = OpenFile.open(image, OpenFile.READ_WRITE)) {
      return file.isOnlyOpenHere();
    }
  }

  @Test
  void aReaderOfTheFileDoesNotKeepItFromBeingAttached() throws IOException {
    Path image = workspace.image("image", SIZE);
    try (OpenFile reader = OpenFile.open(image, OpenFile.READ);
        Held held = LoopDevices.attach(image, WRITABLE)) {
      assertThat(LoopDevices.find(reader.path())).contains(held.device());
    }
  }

  @Test
  void anIdleReadOnlyDeviceGivesWayToAWritableOne() throws IOException {
    Path image = workspace.image("image", SIZE);
    Held reading = LoopDevices.attach(image, new Options(true, false));
    reading.close();
    assertThat(LoopDevices.find(image)).contains(reading.device());
    try (Held writing = LoopDevices.attach(image, WRITABLE)) {
      Files.writeString(writing.device().path(), "x".repeat(4096));
    }
    assertThat(LoopDevices.find(image)).isEmpty();
  }

  @Test
  void aReadOnlyDeviceInUseIsBusyForAWriter() throws IOException {
    Path image = workspace.image("image", SIZE);
    Command.of("mkfs.ext4", "-q", "-F", "-b", "4096", image.toString()).run();
    Path target = Files.createDirectory(workspace.path("mounted"));
    try (Held reading = LoopDevices.attach(image, READ_ONLY)) {
      Mounts.mount(reading.device().path(), target, "ext4", Set.of(Mounts.Flag.READ_ONLY), "");
      workspace.onClose(() -> Mounts.unmount(target));
    }
    assertThatThrownBy(() -> LoopDevices.attach(image, WRITABLE).close())
        .isInstanceOfSatisfying(ErrnoException.class, e -> assertThat(e.is(Errno.EBUSY)).isTrue());
    try (Held shared = LoopDevices.attach(image, READ_ONLY)) {
      assertThat(shared.device().path().toString()).isEqualTo(Mounts.at(target).orElseThrow().source());
    }
  }

  @Test
  void aWritableDeviceServesReadersToo() throws IOException {
    Path image = workspace.image("image", SIZE);
    try (Held writing = LoopDevices.attach(image, WRITABLE);
        Held reading = LoopDevices.attach(image, READ_ONLY)) {
      assertThat(reading.device()).isEqualTo(writing.device());
    }
  }

  @Test
  void anotherAttachChangesWhetherTheDeviceGoesByItself() throws IOException {
    Path image = workspace.image("image", SIZE);
    Held first = LoopDevices.attach(image, new Options(false, false));
    first.close();
    assertThat(LoopDevices.find(image)).contains(first.device());
    LoopDevices.attach(image, WRITABLE).close();
    assertThat(LoopDevices.find(image)).isEmpty();
  }

  @Test
  void aDeviceThatWasDetachedWhileOpenGoesAtItsLastClose() throws IOException {
    Path image = workspace.image("image", SIZE);
    Held held = LoopDevices.attach(image, new Options(false, false));
    try (OpenFile user = OpenFile.open(held.device().path(), OpenFile.READ_WRITE)) {
      LoopDevices.detach(held.device());
      held.close();
      assertThat(LoopDevices.find(image)).contains(held.device());
      assertThat(user.path()).isEqualTo(held.device().path());
    }
    assertThat(LoopDevices.find(image)).isEmpty();
    LoopDevices.detach(held.device());
  }

  @Test
  void aGrownFileIsNoticed() throws IOException {
    Path image = workspace.image("image", SIZE);
    try (Held held = LoopDevices.attach(image, WRITABLE)) {
      workspace.image(image, 2 * SIZE);
      LoopDevices.refreshCapacity(held.device());
      String sectors = Files.readString(Path.of("/sys/block/loop" + held.device().number() + "/size")).strip();
      assertThat(Long.parseLong(sectors) * 512).isEqualTo(2 * SIZE);
    }
  }

  @Test
  void onTmpfsAFileIsAttachedWithWhatTheKernelOffers() throws IOException {
    Path target = Files.createDirectory(workspace.path("memory"));
    Mounts.mount(Path.of("tmpfs"), target, "tmpfs", Set.of(), "size=64m");
    workspace.onClose(() -> Mounts.unmount(target));
    try (Held held = LoopDevices.attach(workspace.image(target.resolve("image"), SIZE), WRITABLE)) {
      assertThat(LoopSysfs.blockBytes(held.device())).isEqualTo(4096);
    }
  }

  @Test
  void aMissingFileIsAnErrorThatNamesIt() {
    assertThatThrownBy(() -> LoopDevices.attach(workspace.path("absent"), WRITABLE).close())
        .hasMessageContaining("absent")
        .hasMessageContaining("no such file");
  }
}
