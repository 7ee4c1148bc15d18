package dev.moorage.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.linux.LoopDevices.Held;
import dev.moorage.linux.LoopDevices.Options;
import dev.moorage.process.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Real mounts, and users of loop devices in other mount namespaces. */
@Tag("root")
final class MountsTest {

  private static final long SIZE = 16L << 20;

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

  private Path ext4(String name) throws IOException {
    Path image = workspace.image(name, SIZE);
    Command.of("mkfs.ext4", "-q", "-F", "-b", "4096", image.toString()).run();
    return image;
  }

  @Test
  void aMountIsFoundAtItsTargetAndNowhereElse() throws IOException {
    Path target = workspace.mount(ext4("image"), "a b\\c", "ext4", "");
    Mounts.Entry entry = Mounts.at(target).orElseThrow();
    assertThat(entry.target()).isEqualTo(target);
    assertThat(entry.filesystem()).isEqualTo("ext4");
    assertThat(entry.root()).isEqualTo("/");
    assertThat(entry.readOnly()).isFalse();
    assertThat(entry.source()).isEqualTo(LoopDevices.find(workspace.path("image")).orElseThrow().path().toString());
    assertThat(Mounts.table()).contains(entry);
    assertThat(Mounts.at(workspace.directory())).isEmpty();
    assertThat(Mounts.at(target.resolve("lost+found"))).isEmpty();
    assertThat(Mounts.at(workspace.path("absent"))).isEmpty();
    Path link = Files.createSymbolicLink(workspace.path("link"), target);
    assertThat(Mounts.at(link)).isEmpty();
    assertThatThrownBy(() -> Mounts.unmount(link)).hasMessageContaining("invalid argument");
    Mounts.unmount(target);
    assertThat(Mounts.at(target)).isEmpty();
    assertThat(LoopDevices.find(workspace.path("image"))).isEmpty();
  }

  @Test
  void theTopmostOfTwoMountsIsFound() throws IOException {
    Path target = Files.createDirectory(workspace.path("target"));
    for (String name : new String[] {"below", "above"}) {
      Mounts.mount(Path.of(name), target, "tmpfs", Set.of(), "");
      workspace.onClose(() -> Mounts.unmount(target));
    }
    assertThat(Mounts.at(target).orElseThrow().source()).isEqualTo("above");
  }

  @Test
  void aReadOnlyBindKeepsTheOtherFlagsAndLeavesItsSourceWritable() throws IOException {
    Path source = Files.createDirectory(workspace.path("source"));
    Mounts.mount(Path.of("none"), source, "tmpfs", Set.of(Mounts.Flag.NO_SUID, Mounts.Flag.NO_DEV), "size=1m");
    workspace.onClose(() -> Mounts.unmount(source));
    Path target = Files.createDirectory(workspace.path("target"));
    Mounts.bind(source, target, true);
    workspace.onClose(() -> Mounts.unmount(target));
    assertThat(Mounts.at(target).orElseThrow().readOnly()).isTrue();
    assertThat(Statfs.of(target).flags() & 6).isEqualTo(6);
    assertThatThrownBy(() -> Files.createFile(target.resolve("file"))).hasMessageContaining("Read-only");
    Files.createFile(source.resolve("file"));
    assertThat(target.resolve("file")).exists();
  }

  @Test
  void aWritableBindShowsTheSameFiles() throws IOException {
    Path source = Files.createDirectory(workspace.path("source"));
    Path target = Files.createDirectory(workspace.path("target"));
    Mounts.bind(source, target, false);
    workspace.onClose(() -> Mounts.unmount(target));
    Files.createFile(target.resolve("file"));
    assertThat(source.resolve("file")).exists();
    assertThat(Mounts.at(target).orElseThrow().root()).endsWith("/source");
  }

  @Test
  void aBusyMountIsRefusedUnlessDetachedLazily() throws IOException {
    Path target = workspace.mount(ext4("image"), "target", "ext4", "");
    Path image = workspace.path("image");
    LoopDevice device = LoopDevices.find(image).orElseThrow();
    try (OpenFile user = OpenFile.open(target, OpenFile.READ)) {
      assertThatThrownBy(() -> Mounts.unmount(target))
          .isInstanceOfSatisfying(ErrnoException.class, e -> assertThat(e.is(Errno.EBUSY)).isTrue());
      Mounts.unmountLazily(user.path());
      assertThat(Mounts.at(target)).isEmpty();
      assertThat(LoopDevices.isIdle(device)).isFalse();
    }
    assertThat(LoopDevices.find(image)).isEmpty();
  }

  @Test
  void nothingMountedIsEinval() throws IOException {
    assertThatThrownBy(() -> Mounts.unmount(workspace.directory()))
        .isInstanceOfSatisfying(ErrnoException.class, e -> assertThat(e.is(Errno.EINVAL)).isTrue());
  }

  @Test
  void aDeviceIsNotIdleWhileMountedHere() throws IOException {
    Path target = workspace.mount(ext4("image"), "target", "ext4", "");
    LoopDevice device = LoopDevices.find(workspace.path("image")).orElseThrow();
    assertThat(LoopDevices.isIdle(device)).isFalse();
    assertThat(Mounts.mountedElsewhere(device)).isFalse();
    try (Held held = LoopDevices.attach(workspace.path("image"), new Options(false, true))) {
      Mounts.unmount(target);
      assertThat(LoopDevices.isIdle(held.device())).isTrue();
    }
    assertThat(LoopDevices.isIdle(device)).isTrue();
  }

  @Test
  void aDeviceMountedOnlyInAnotherNamespaceIsFoundAndNotIdle() throws Exception {
    Path target = workspace.mount(ext4("image"), "target", "ext4", "");
    LoopDevice device = LoopDevices.find(workspace.path("image")).orElseThrow();
    try (ForeignNamespace foreign = ForeignNamespace.open()) {
      Mounts.unmount(target);
      assertThat(Mounts.at(target)).isEmpty();
      assertThat(LoopDevices.isIdle(device)).isFalse();
      assertThat(Mounts.mountedElsewhere(device)).isTrue();
      try (Held held = LoopDevices.attach(workspace.path("image"), new Options(false, true))) {
        assertThat(held.device()).isEqualTo(device);
      }
      assertThat(foreign.isAlive()).isTrue();
    }
    assertThat(LoopDevices.find(workspace.path("image"))).isEmpty();
  }

  @Test
  void aDeviceThatAnotherNamespaceAttachedAndMountedByItselfIsShared() throws Exception {
    Path image = ext4("image");
    Path target = Files.createDirectory(workspace.path("target"));
    String script = "device=$(losetup --find --show " + image + ") && mount $device " + target
        + " && losetup --detach $device && touch " + target + "/theirs";
    try (ForeignNamespace foreign = ForeignNamespace.open(script)) {
      assertThat(Mounts.at(target)).isEmpty();
      LoopDevice device = LoopDevices.find(image).orElseThrow();
      assertThat(Mounts.mountedElsewhere(device)).isTrue();
      try (Held held = LoopDevices.attach(image, new Options(false, true))) {
        assertThat(held.device()).isEqualTo(device);
        Mounts.mount(device.path(), target, "ext4", Set.of(), "");
        workspace.onClose(() -> Mounts.unmount(target));
      }
      assertThat(target.resolve("theirs")).exists();
      assertThat(foreign.isAlive()).isTrue();
    }
  }

  @Test
  void propagationIsThatOfTheMountBelow() throws IOException {
    Path target = Files.createDirectory(workspace.path("target"));
    Mounts.mount(Path.of("none"), target, "tmpfs", Set.of(), "");
    workspace.onClose(() -> Mounts.unmount(target));
    Path directory = Files.createDirectory(target.resolve("directory"));
    for (Mounts.Propagation propagation : new Mounts.Propagation[] {
        Mounts.Propagation.SHARED, Mounts.Propagation.PRIVATE}) {
      Command.of("mount", "--make-" + propagation.name().toLowerCase(Locale.ROOT), target.toString()).run();
      assertThat(Mounts.propagation(directory)).isEqualTo(propagation);
    }
    Command.of("mount", "--make-shared", target.toString()).run();
    Path copy = Files.createDirectory(workspace.path("copy"));
    Mounts.bind(target, copy, false);
    workspace.onClose(() -> Mounts.unmount(copy));
    Command.of("mount", "--make-slave", copy.toString()).run();
    assertThat(Mounts.propagation(copy)).isEqualTo(Mounts.Propagation.SLAVE);
    assertThat(Mounts.holding(directory).target()).isEqualTo(target);
  }
}
