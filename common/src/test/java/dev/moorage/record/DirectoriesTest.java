package dev.moorage.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DirectoriesTest {

  @TempDir private Path directory;

  @Test
  void aMoveTakesTheWholeDirectoryAlong() throws IOException {
    Path source = Files.createDirectories(directory.resolve("tmp/x"));
    Path target = Files.createDirectory(directory.resolve("volumes")).resolve("x");
    Files.writeString(source.resolve("image"), "data");
    Directories.move(source, target);
    assertThat(source).doesNotExist();
    assertThat(target.resolve("image")).hasContent("data");
    assertThatThrownBy(() -> Directories.move(source, target)).isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void aCreatedDirectoryIsPrivateAndCreatingItAgainIsNothing() throws IOException {
    Path created = directory.resolve("pool");
    Directories.create(created);
    Directories.create(created);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(created))).isEqualTo("rwx------");
  }

  @Test
  void deletingATreeNeverFollowsALinkOutOfIt() throws IOException {
    Path precious = Files.createDirectory(directory.resolve("precious"));
    Files.writeString(precious.resolve("file"), "kept");
    Path tree = directory.resolve("trash/x");
    Files.createDirectories(tree.resolve("y"));
    Files.createSymbolicLink(tree.resolve("link"), precious);
    Files.writeString(tree.resolve("y/file"), "gone");
    Directories.deleteTree(tree);
    Directories.deleteTree(tree);
    assertThat(tree).doesNotExist();
    assertThat(precious.resolve("file")).hasContent("kept");
  }
}
