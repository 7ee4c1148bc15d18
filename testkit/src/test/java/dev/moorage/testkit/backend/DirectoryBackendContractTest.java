package dev.moorage.testkit.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.backend.Home;
import dev.moorage.backend.Origin;
import dev.moorage.process.Command;
import dev.moorage.testkit.Scratch;
import dev.moorage.testkit.TestDisk;
import dev.moorage.volume.Access;
import dev.moorage.volume.BackendKind;
import dev.moorage.volume.ByteSize;
import dev.moorage.volume.FilesystemType;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeSpec;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The directory backend keeps the contract on any filesystem, and is careful with the trees of strangers. */
@Tag("root")
class DirectoryBackendContractTest {

  private static final VolumeSpec SPEC =
      new VolumeSpec(ByteSize.ofMebibytes(64), BackendKind.DIRECTORY, Access.FILESYSTEM, FilesystemType.EXT4, false);

  @Nested
  class OnExt4 extends VolumeBackendContract {
    @Override
    protected BackendFixture open() {
      return BackendFixture.plain(TestDisk.Kind.EXT4, SPEC);
    }

    @Test
    void theRootIsLikeThatOfTheLocalDriver() throws Exception {
      Home home = fixture().volume();
      try (Consumer consumer = fixture().use(home)) {
        assertThat(Files.getPosixFilePermissions(consumer.path())).isEqualTo(PosixFilePermissions.fromString("rwxr-xr-x"));
        assertThat(Files.getAttribute(consumer.path(), "unix:uid")).isEqualTo(0);
      }
    }

    @Test
    void deleteFollowsNoSymbolicLink() throws Exception {
      Path outside = Scratch.directory("outside");
      Files.writeString(outside.resolve("precious"), "kept");
      Home home = fixture().volume();
      try (Consumer consumer = fixture().use(home)) {
        Files.createSymbolicLink(consumer.path().resolve("link"), outside);
        Files.createSymbolicLink(Files.createDirectory(consumer.path().resolve("sub")).resolve("link"), outside);
      }
      fixture().backend().delete(home);
      assertThat(outside.resolve("precious")).hasContent("kept");
      Scratch.remove(outside);
    }

    @Test
    void deleteManagesTreesDeeperThanAnyPath() throws Exception {
      Home home = fixture().volume();
      try (Consumer consumer = fixture().use(home)) {
        String script = "cd \"$0\"; d=" + "d".repeat(200) + "; i=0; while [ $i -lt 40 ]; do mkdir $d; cd $d; i=$((i+1)); done";
        Command.of("sh", "-c", script, consumer.path().toString()).run();
      }
      fixture().backend().delete(home);
      assertThat(home.directory()).isEmptyDirectory();
    }

    @Test
    void anImmutableFileIsRefusedWithTheRemedyAndCanBeDeletedAfterIt() throws Exception {
      Home home = fixture().volume();
      Path file;
      try (Consumer consumer = fixture().use(home)) {
        file = Files.writeString(consumer.path().resolve("stuck"), "x");
        Files.writeString(consumer.path().resolve("loose"), "x");
      }
      Command.of("chattr", "+i", file.toString()).run();
      try {
        assertThatThrownBy(() -> fixture().backend().delete(home))
            .isInstanceOf(VolumeException.Denied.class).hasMessageContaining("chattr").hasMessageContaining("stuck");
        assertThat(fixture().backend().list()).contains(home);
      } finally {
        Command.of("chattr", "-i", file.toString()).run();
      }
      fixture().backend().delete(home);
      assertThat(home.directory()).isEmptyDirectory();
    }

    @Test
    void deleteIsRefusedWhileSomethingIsMountedInside() throws Exception {
      Home home = fixture().volume();
      Path inside = Files.createDirectory(home.directory().resolve("data/inside"));
      Path outside = Scratch.directory("outside");
      Files.writeString(outside.resolve("precious"), "kept");
      Command.of("mount", "--bind", outside.toString(), inside.toString()).run();
      assertThatThrownBy(() -> fixture().backend().delete(home)).isInstanceOf(VolumeException.InUse.class);
      Command.of("umount", inside.toString()).run();
      fixture().backend().delete(home);
      assertThat(outside.resolve("precious")).hasContent("kept");
      Scratch.remove(outside);
    }

    @Test
    void aCopyKeepsOwnersModesLinksAndAttributes() throws Exception {
      Home source = fixture().volume();
      Path data = source.directory().resolve("data");
      Path file = Files.writeString(data.resolve("file"), "text");
      Files.createLink(data.resolve("hard"), file);
      Files.createSymbolicLink(data.resolve("soft"), Path.of("file"));
      Files.setAttribute(file, "user:note", ByteBuffer.wrap(new byte[] {7}));
      Command.of("chown", "1234:5678", file.toString()).run();
      Command.of("chmod", "4711", file.toString()).run();
      Path copy = fixture().make(SPEC, new Origin.CopyOf(source, _ -> {})).directory().resolve("data");
      assertThat(Files.getAttribute(copy.resolve("file"), "unix:uid")).isEqualTo(1234);
      assertThat(Files.getAttribute(copy.resolve("file"), "unix:gid")).isEqualTo(5678);
      assertThat((int) Files.getAttribute(copy.resolve("file"), "unix:mode") & 07777).isEqualTo(04711);
      assertThat(Files.getAttribute(copy.resolve("file"), "user:note")).isEqualTo(new byte[] {7});
      assertThat(Files.isSameFile(copy.resolve("file"), copy.resolve("hard"))).isTrue();
      assertThat(Files.readSymbolicLink(copy.resolve("soft"))).isEqualTo(Path.of("file"));
    }
  }

  @Nested
  class OnXfs extends VolumeBackendContract {
    @Override
    protected BackendFixture open() {
      return BackendFixture.plain(TestDisk.Kind.XFS, SPEC);
    }
  }

  @Nested
  class OnTmpfs extends VolumeBackendContract {
    @Override
    protected BackendFixture open() {
      return BackendFixture.plain(TestDisk.Kind.TMPFS, SPEC);
    }
  }
}
