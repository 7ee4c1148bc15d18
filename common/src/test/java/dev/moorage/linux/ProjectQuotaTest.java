package dev.moorage.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.moorage.process.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Project quota on a real ext4. */
@Tag("root")
final class ProjectQuotaTest {

  private static final long MEBIBYTE = 1L << 20;
  private static final int PROJECT = 4711;

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

  private Path ext4(String features, String options) throws IOException {
    Path image = workspace.image("image", 64 * MEBIBYTE);
    Command.of("mkfs.ext4", "-q", "-F", "-b", "4096", "-O", features, image.toString()).run();
    return workspace.mount(image, "mounted", "ext4", options);
  }

  /** An ext4 that counts projects, and holds them when {@code options} say so; a kernel without QFMT_V2 mounts none. */
  private Path ext4WithProjects(String options) throws IOException {
    try {
      return ext4("quota,project", options);
    } catch (ErrnoException e) {
      assumeFalse(e.is(Errno.EINVAL), "this kernel was built without CONFIG_QFMT_V2");
      throw e;
    }
  }

  /** Without CAP_SYS_RESOURCE, as in a container: with it, ext4 lets root pass. */
  private static void writeAsContainer(Path file, int mebibytes) throws IOException {
    Command.of("setpriv", "--bounding-set=-sys_resource", "--inh-caps=-sys_resource",
        "dd", "if=/dev/zero", "of=" + file, "bs=1M", "count=" + mebibytes, "conv=fsync").run();
  }

  @Test
  void aProjectIsHeldToItsLimitWhichCanBeRaised() throws IOException {
    Path filesystem = ext4WithProjects("prjquota");
    assertThat(ProjectQuota.isEnforced(filesystem)).isTrue();
    Path directory = Files.createDirectory(filesystem.resolve("volume"));
    ProjectQuota.assign(directory, PROJECT);
    ProjectQuota.limit(filesystem, PROJECT, 4 * MEBIBYTE);
    assertThat(ProjectQuota.usage(filesystem, PROJECT).limitBytes()).isEqualTo(4 * MEBIBYTE);
    Path file = Files.createDirectory(directory.resolve("below")).resolve("file");
    assertThatThrownBy(() -> writeAsContainer(file, 8)).hasMessageContaining("quota");
    assertThat(ProjectQuota.projectOf(file)).isEqualTo(PROJECT);
    assertThat(ProjectQuota.usage(filesystem, PROJECT).usedBytes()).isBetween(3 * MEBIBYTE, 4 * MEBIBYTE);
    ProjectQuota.limit(filesystem, PROJECT, 16 * MEBIBYTE);
    writeAsContainer(file, 8);
    ProjectQuota.Usage usage = ProjectQuota.usage(file, PROJECT);
    assertThat(usage.usedBytes()).isBetween(8 * MEBIBYTE, 9 * MEBIBYTE);
    assertThat(usage.inodes()).isEqualTo(3);
    ProjectQuota.limit(filesystem, PROJECT, 0);
    writeAsContainer(file, 20);
  }

  @Test
  void othersAreNotHeld() throws IOException {
    Path filesystem = ext4WithProjects("prjquota");
    ProjectQuota.limit(filesystem, PROJECT, 4096);
    writeAsContainer(filesystem.resolve("file"), 8);
    assertThat(ProjectQuota.projectOf(filesystem.resolve("file"))).isZero();
    assertThat(ProjectQuota.usage(filesystem, PROJECT + 1)).isEqualTo(new ProjectQuota.Usage(0, 0, 0));
  }

  @Test
  void newFilesInheritTheProjectOfTheirDirectory() throws IOException {
    Path filesystem = workspace.xfs("xfs");
    Path directory = Files.createDirectory(filesystem.resolve("volume"));
    Path before = Files.createFile(directory.resolve("before"));
    ProjectQuota.assign(directory, PROJECT);
    assertThat(ProjectQuota.projectOf(directory)).isEqualTo(PROJECT);
    assertThat(ProjectQuota.projectOf(Files.createFile(directory.resolve("after")))).isEqualTo(PROJECT);
    assertThat(ProjectQuota.projectOf(before)).isZero();
  }

  @Test
  void aFilesystemWithoutQuotaSaysSo() throws IOException {
    assertThat(ProjectQuota.isEnforced(ext4("^quota", ""))).isFalse();
    assertThat(ProjectQuota.isEnforced(workspace.xfs("xfs"))).isFalse();
    assertThat(ProjectQuota.isEnforced(Path.of("/proc"))).isFalse();
    assertThat(ProjectQuota.isEnforced(Path.of("/dev/shm"))).isFalse();
  }

  @Test
  void countingWithoutHoldingIsNotEnforcing() throws IOException {
    assertThat(ProjectQuota.isEnforced(ext4WithProjects(""))).isFalse();
  }
}
