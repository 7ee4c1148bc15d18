package dev.moorage.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.linux.LoopDevices.Held;
import dev.moorage.linux.LoopDevices.Options;
import dev.moorage.process.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Real loop devices on small images. */
@Tag("root")
final class LoopDevicesTest {

  private static final long SIZE = 16L << 20;
  private static final long LOOP_CTL_ADD = 0x4C80;
  private static final long LOOP_CTL_REMOVE = 0x4C81;
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
  void whoIsBoundToADeviceIsFoundByWhateverNodeOfItInWhateverNamespace() throws Exception {
    Path image = workspace.image("image", SIZE);
    try (Held held = LoopDevices.attach(image, WRITABLE)) {
      assertThat(LoopDevices.above(held.device())).isEmpty();
      Path node = workspace.directory().resolve("node");
      FileOps.makeBlockNode(node, held.device());
      String above = Command.of("unshare", "--mount", "losetup", "--find", "--show", node.toString()).run().strip();
      try {
        assertThat(LoopDevices.above(held.device()).map(LoopDevice::path).map(Path::toString)).contains(above);
        assertThat(LoopDevices.find(image)).as("it is bound to the device, not to its file").contains(held.device());
      } finally {
        Command.of("losetup", "--detach", above).run();
      }
      assertThat(LoopDevices.above(held.device())).isEmpty();
    }
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

  @Test
  void manyAttachesAtOnceEachGetTheirOwnDeviceThoughOthersTakeSomeToo() throws Exception {
    List<Held> attached = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      List<Future<Held>> attaching = new ArrayList<>();
      for (int i = 0; i < 24; i++) {
        Path image = workspace.image("image-" + i, SIZE);
        attaching.add(threads.submit(() -> LoopDevices.attach(image, WRITABLE)));
      }
      for (Future<Held> each : attaching) {
        attached.add(each.get());
      }
      for (int i = 0; i < attached.size(); i++) {
        assertThat(LoopDevices.find(workspace.path("image-" + i))).contains(attached.get(i).device());
      }
      assertThat(attached).extracting(Held::device).doesNotHaveDuplicates();
    } finally {
      for (Held held : attached) {
        held.close();
      }
    }
  }

  /** The kernel signals the holder of a lease when somebody opens the file; the signal must not end this process. */
  @Test
  void anotherProcessThatOpensTheFileWhileWeAskForTheLeaseDoesNoHarm() throws IOException {
    Path image = workspace.image("image", SIZE);
    Process opener = new ProcessBuilder("sh", "-c", "while :; do : < " + image + "; done").start();
    try {
      int granted = 0;
      int refused = 0;
      for (int i = 0; i < 200_000 && (granted < 1000 || refused < 10); i++) {
        if (isOnlyOpenHere(image)) {
          granted++;
        } else {
          refused++;
        }
      }
      assertThat(granted).isPositive();
    } finally {
      opener.destroyForcibly();
    }
  }

  @Test
  void aWholeFileIsNotAttachedBesideADeviceThatShowsAPartOfIt() throws IOException {
    Path image = workspace.image("image", SIZE);
    String part = Command.of("losetup", "--find", "--show", "--offset", "4096", image.toString()).run().strip();
    workspace.onClose(() -> {
      for (LoopDevice left : LoopDevices.find(image).stream().toList()) {
        LoopDevices.detach(left);
      }
    });
    try (OpenFile user = OpenFile.open(Path.of(part), OpenFile.READ | OpenFile.EXCLUSIVE)) {
      assertThatThrownBy(() -> LoopDevices.attach(image, WRITABLE).close()).hasMessageContaining("busy");
      assertThat(user.path()).isEqualTo(LoopDevices.find(image).orElseThrow().path());
    }
    try (Held held = LoopDevices.attach(image, WRITABLE)) {
      String sectors = Files.readString(Path.of("/sys/block/loop" + held.device().number() + "/size")).strip();
      assertThat(Long.parseLong(sectors) * 512).isEqualTo(SIZE);
    }
  }

  @Test
  void nothingOfOursKeepsTheFileOpenAfterTheDeviceIsClosed() throws IOException {
    Path image = workspace.image("image", SIZE);
    LoopDevices.attach(image, WRITABLE).close();
    try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
      assertThat(descriptors.filter(Files::isSymbolicLink).map(LoopDevicesTest::target)).doesNotContain(image);
    }
  }

  @Test
  void aDeviceOnWhichDiscardsWereSwitchedOffForAnotherFileIsMadeAnew() throws IOException {
    try (Held held = LoopDevices.attach(workspace.image("first", SIZE), WRITABLE)) {
      Files.writeString(Path.of("/sys/block/loop" + held.device().number() + "/queue/discard_max_bytes"), "0");
      assertThat(LoopSysfs.passesDiscards(held.device())).isFalse();
    }
    Path image = Files.write(workspace.path("second"), new byte[(int) SIZE]);
    try (Held held = LoopDevices.attach(image, WRITABLE)) {
      assertThat(LoopSysfs.passesDiscards(held.device())).isTrue();
      FileOps.punchHole(held.device().path(), 0, SIZE);
    }
    assertThat(FileOps.allocated(image)).isZero();
  }

  @Test
  void aDeviceThatGoesWhileItsAttributesAreReadIsAbsent() throws Exception {
    // Far from every number that the kernel or another test takes.
    LoopDevice device = new LoopDevice(60_000 + (int) (ProcessHandle.current().pid() % 1_000));
    AtomicBoolean ended = new AtomicBoolean();
    try (OpenFile control = OpenFile.open(Path.of("/dev/loop-control"), OpenFile.READ_WRITE);
        ExecutorService reader = Executors.newSingleThreadExecutor()) {
      Future<Integer> absent = reader.submit(() -> readUntil(ended, device));
      try {
        for (int round = 0; round < 60; round++) {
          control.ioctl("LOOP_CTL_ADD", LOOP_CTL_ADD, device.number());
          control.ioctl("LOOP_CTL_REMOVE", LOOP_CTL_REMOVE, device.number());
        }
      } finally {
        ended.set(true);
      }
      assertThat(absent.get()).isPositive();
    }
  }

  /** How often the device was absent; fails on any other answer. */
  private static int readUntil(AtomicBoolean ended, LoopDevice device) throws IOException {
    int absent = 0;
    while (!ended.get()) {
      try {
        LoopSysfs.passesDiscards(device);
      } catch (NoSuchFileException e) {
        absent++;
      }
    }
    return absent;
  }

  private static Path target(Path link) {
    try {
      return Files.readSymbolicLink(link);
    } catch (IOException e) {
      return link;
    }
  }
}
