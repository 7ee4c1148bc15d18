package dev.moorage.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lines as the kernel writes them. */
final class MountTableTest {

  private static MountTable.Line parsed(String line) {
    return MountTable.parse(line).orElseThrow();
  }

  @Test
  void aLineHasItsFields() {
    MountTable.Line line = parsed("36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue");
    assertThat(line.id()).isEqualTo(36);
    assertThat(line.tags()).containsExactly("master:1");
    assertThat(line.entry())
        .isEqualTo(new Mounts.Entry("98:0", "/mnt1", Path.of("/mnt2"), "ext3", "/dev/root", false));
  }

  @Test
  void tagsMayBeNoneOrMany() {
    assertThat(parsed("1 2 7:0 / /a rw - xfs /dev/loop0 rw").tags()).isEmpty();
    assertThat(parsed("1 2 7:0 / /a rw shared:3 master:4 propagate_from:2 - xfs /dev/loop0 rw").tags()).hasSize(3);
  }

  @Test
  void octalEscapesAreReadAndOtherBackslashesAreEscapedToo() {
    MountTable.Line line = parsed("1 2 7:0 /r\\040oot /with\\040blank\\011tab\\012line\\134n\\043 rw - tmpfs my\\040source rw");
    assertThat(line.entry().target()).isEqualTo(Path.of("/with blank\ttab\nline\\n#"));
    assertThat(line.entry().root()).isEqualTo("/r oot");
    assertThat(line.entry().source()).isEqualTo("my source");
  }

  @Test
  void readOnlyIsTheMountOrTheFilesystem() {
    assertThat(parsed("1 2 7:0 / /a ro,relatime - xfs /dev/loop0 rw").entry().readOnly()).isTrue();
    assertThat(parsed("1 2 7:0 / /a rw,relatime - xfs /dev/loop0 ro,nouuid").entry().readOnly()).isTrue();
    assertThat(parsed("1 2 7:0 / /a rw,relatime - ext4 /dev/loop0 rw,errors=remount-ro").entry().readOnly()).isFalse();
  }

  @Test
  void anEmptySourceAndMissingOptionsAreAccepted() {
    assertThat(parsed("1 2 0:50 / /a rw - tmpfs  rw").entry().source()).isEmpty();
    assertThat(parsed("1 2 0:50 / /a rw - tmpfs none").entry().source()).isEqualTo("none");
  }

  @Test
  void withoutHelpOfTheKernelTheLastMountOfAPathIsTheTopmost(@TempDir Path directory) throws IOException {
    Path real = directory.toRealPath();
    Path parent = Files.createDirectory(real.resolve("parent"));
    Path link = Files.createSymbolicLink(real.resolve("link"), parent);
    List<MountTable.Line> table = List.of(
        parsed("1 2 0:50 / " + parent + "/a rw - tmpfs below rw"),
        parsed("2 1 0:51 / " + parent + "/a rw - tmpfs above rw"),
        parsed("3 1 0:52 / " + parent + "/ab rw - tmpfs other rw"));
    for (Path path : new Path[] {parent.resolve("a"), link.resolve("a"), parent.resolve("x/../a")}) {
      assertThat(Mounts.topmostAt(table, path).orElseThrow().source()).isEqualTo("above");
    }
    assertThat(Mounts.topmostAt(table, parent)).isEmpty();
  }

  @Test
  void ourOwnTableIsReadWhole() throws IOException {
    assertThat(Mounts.table()).hasSameSizeAs(Files.readAllLines(MountTable.OWN)).isNotEmpty();
    assertThat(Mounts.holding(Path.of("/proc/self/status")).filesystem()).isEqualTo("proc");
    assertThat(Mounts.at(Path.of("/proc")).orElseThrow().target()).isEqualTo(Path.of("/proc"));
    assertThat(Mounts.at(Path.of("/proc/self/status/none"))).isEmpty();
  }
}
