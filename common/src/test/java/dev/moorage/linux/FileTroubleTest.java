package dev.moorage.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import org.junit.jupiter.api.Test;

final class FileTroubleTest {

  @Test
  void whatTheJdkLeavesOutIsSaid() {
    assertThat(FileTrouble.text(new NoSuchFileException("/x"))).isEqualTo("there is no /x");
    assertThat(FileTrouble.text(new AccessDeniedException("/x"))).isEqualTo("/x may not be used by this user");
    assertThat(FileTrouble.text(new FileAlreadyExistsException("/x"))).isEqualTo("/x is there already");
    assertThat(FileTrouble.text(new NotDirectoryException("/x"))).isEqualTo("/x is not a directory");
    assertThat(FileTrouble.text(new DirectoryNotEmptyException("/x"))).isEqualTo("/x is not empty");
  }

  @Test
  void whatSaysItsReasonIsLeftAlone() {
    assertThat(FileTrouble.text(new FileSystemException("/x", null, "Read-only file system"))).isEqualTo("/x: Read-only file system");
    assertThat(FileTrouble.text(new ErrnoException("mount", "/x", Errno.EBUSY))).isEqualTo("mount /x: device or resource busy");
    assertThat(FileTrouble.text(new IOException("plain"))).isEqualTo("plain");
    assertThat(FileTrouble.text(new IOException())).isEqualTo("java.io.IOException");
  }
}
