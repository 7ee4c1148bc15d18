package dev.moorage.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.moorage.process.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Project quota that a kernel enforces, on ext4 and on XFS. */
@Tag("guest")
final class ProjectLimitTest {

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

  /** A filesystem that counts projects, and holds them when the options say so. */
  private Path filesystem(String type, String options) throws IOException {
    Path image = workspace.image("image", 512 * MEBIBYTE);
    if (type.equals("ext4")) {
      Command.of("mkfs.ext4", "-q", "-F", "-b", "4096", "-O", "quota,project", image.toString()).run();
    } else {
      Command.of("mkfs.xfs", "-q", "-f", "-s", "size=4096", image.toString()).run();
    }
    return workspace.mount(image, "mounted", type, options);
  }

  private static void write(Path file, int mebibytes) throws IOException {
    Command.of("dd", "if=/dev/zero", "of=" + file, "bs=1M", "count=" + mebibytes, "conv=fsync", "status=none").run();
  }

  /** Without CAP_SYS_RESOURCE, as in a container. */
  private static void writeAsContainer(Path file, int mebibytes) throws IOException {
    Command.of("setpriv", "--bounding-set=-sys_resource", "--inh-caps=-sys_resource",
        "dd", "if=/dev/zero", "of=" + file, "bs=1M", "count=" + mebibytes, "conv=fsync", "status=none").run();
  }

  @ParameterizedTest
  @ValueSource(strings = {"ext4", "xfs"})
  void aProjectIsHeldToItsLimitWhichCanBeRaisedAndTakenAway(String type) throws IOException {
    Path filesystem = filesystem(type, "prjquota");
    assertThat(ProjectQuota.isEnforced(filesystem)).isTrue();
    Path directory = Files.createDirectory(filesystem.resolve("volume"));
    ProjectQuota.assign(directory, PROJECT);
    ProjectQuota.limit(filesystem, PROJECT, 4 * MEBIBYTE);
    assertThat(ProjectQuota.usage(filesystem, PROJECT).limitBytes()).isEqualTo(4 * MEBIBYTE);
    assertThat(FileOps.space(directory).total()).isEqualTo(4 * MEBIBYTE);
    Path file = Files.createDirectory(directory.resolve("below")).resolve("file");
    assertThatThrownBy(() -> writeAsContainer(file, 8)).hasMessageContaining(type.equals("ext4") ? "quota" : "No space left");
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

  @ParameterizedTest
  @ValueSource(strings = {"ext4", "xfs"})
  void othersAreNotHeld(String type) throws IOException {
    Path filesystem = filesystem(type, "prjquota");
    ProjectQuota.limit(filesystem, PROJECT, 4096);
    writeAsContainer(filesystem.resolve("file"), 8);
    assertThat(ProjectQuota.projectOf(filesystem.resolve("file"))).isZero();
    assertThat(ProjectQuota.usage(filesystem, PROJECT + 1)).isEqualTo(new ProjectQuota.Usage(0, 0, 0));
  }

  @Test
  void onExt4AWriterWithSysResourceIsCountedButNotHeld() throws IOException {
    Path filesystem = filesystem("ext4", "prjquota");
    Path directory = Files.createDirectory(filesystem.resolve("volume"));
    ProjectQuota.assign(directory, PROJECT);
    ProjectQuota.limit(filesystem, PROJECT, 4 * MEBIBYTE);
    write(directory.resolve("file"), 8);
    assertThat(ProjectQuota.usage(filesystem, PROJECT).usedBytes()).isGreaterThanOrEqualTo(8 * MEBIBYTE);
  }

  @Test
  void onXfsEverybodyIsHeld() throws IOException {
    Path filesystem = filesystem("xfs", "prjquota");
    Path directory = Files.createDirectory(filesystem.resolve("volume"));
    ProjectQuota.assign(directory, PROJECT);
    ProjectQuota.limit(filesystem, PROJECT, 4 * MEBIBYTE);
    assertThatThrownBy(() -> write(directory.resolve("file"), 8)).hasMessageContaining("No space left");
  }

  /** So a limit holds against accidents, not against malice, which docs/semantics.md says: the kernel asks for no privilege. */
  @ParameterizedTest
  @ValueSource(strings = {"ext4", "xfs"})
  void theOwnerOfAFileCanTakeItOutOfItsProject(String type) throws IOException {
    Path directory = Files.createDirectory(filesystem(type, "prjquota").resolve("volume"));
    ProjectQuota.assign(directory, PROJECT);
    Path file = Files.createFile(directory.resolve("file"));
    Command.of("chown", "1000", file.toString()).run();
    Command.of("chmod", "755", workspace.directory().toString()).run();
    Command.of("setpriv", "--reuid=1000", "--clear-groups", "--bounding-set=-all", "--inh-caps=-all",
        "chattr", "-p", "0", file.toString()).run();
    assertThat(ProjectQuota.projectOf(file)).isZero();
  }

  @Test
  void countingWithoutHoldingIsNotEnforcing() throws IOException {
    assertThat(ProjectQuota.isEnforced(filesystem("ext4", ""))).isFalse();
    workspace.close();
    workspace = RootWorkspace.create();
    assertThat(ProjectQuota.isEnforced(filesystem("xfs", "pqnoenforce"))).isFalse();
  }
}
