package dev.moorage.record;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AtomicFileTest {

  @TempDir private Path directory;

  @Test
  void writingReplacesTheWholeContentAndLeavesNothingBeside() throws IOException {
    Path file = directory.resolve("a.json");
    AtomicFile.write(file, "a long first content".getBytes(UTF_8));
    AtomicFile.write(file, "short".getBytes(UTF_8));
    assertThat(AtomicFile.read(file)).asString(UTF_8).isEqualTo("short");
    assertThat(directory).isDirectoryNotContaining("glob:**.new");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");
  }

  @Test
  void whatADeadProcessLeftBesideIsOverwritten() throws IOException {
    Path file = directory.resolve("a.json");
    Files.writeString(directory.resolve("a.json.new"), "a much longer half-written content");
    AtomicFile.write(file, "whole".getBytes(UTF_8));
    assertThat(file).hasContent("whole");
  }

  @Test
  void deletingTakesTheUnfinishedFileAlongAndMayBeRepeated() throws IOException {
    Path file = directory.resolve("a.json");
    AtomicFile.write(file, new byte[1]);
    Files.writeString(directory.resolve("a.json.new"), "half");
    AtomicFile.delete(file);
    AtomicFile.delete(file);
    assertThat(directory).isEmptyDirectory();
    assertThatThrownBy(() -> AtomicFile.read(file)).isInstanceOf(NoSuchFileException.class);
  }
}
