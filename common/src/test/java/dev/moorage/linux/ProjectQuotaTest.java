package dev.moorage.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.process.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Project quota on any kernel; {@link ProjectLimitTest} is about one that enforces it. */
@Tag("root")
final class ProjectQuotaTest {

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

  private Path ext4WithoutQuota() throws IOException {
    Path image = workspace.image("image", 64L << 20);
    Command.of("mkfs.ext4", "-q", "-F", "-b", "4096", "-O", "^quota", image.toString()).run();
    return workspace.mount(image, "mounted", "ext4", "");
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
    assertThat(ProjectQuota.isEnforced(ext4WithoutQuota())).isFalse();
    assertThat(ProjectQuota.isEnforced(workspace.xfs("xfs"))).isFalse();
    assertThat(ProjectQuota.isEnforced(Path.of("/proc"))).isFalse();
    assertThat(ProjectQuota.isEnforced(Path.of("/dev/shm"))).isFalse();
  }
}
