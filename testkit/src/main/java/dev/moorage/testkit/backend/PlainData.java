package dev.moorage.testkit.backend;

import dev.moorage.process.Command;
import dev.moorage.volume.Access;
import dev.moorage.volume.ByteSize;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;

/** The model's data: a plain file or a plain directory. */
final class PlainData {

  private PlainData() {}

  static void make(Path data, Access access, ByteSize size) throws IOException {
    switch (access) {
      case FILESYSTEM -> Files.createDirectory(data);
      case BLOCK -> {
        Files.createFile(data);
        enlarge(data, size);
      }
    }
  }

  static void enlarge(Path data, ByteSize size) throws IOException {
    if (!Files.isDirectory(data)) {
      try (RandomAccessFile file = new RandomAccessFile(data.toFile(), "rw")) {
        file.setLength(size.bytes());
      }
    }
  }

  static void copy(Path from, Path to) throws IOException {
    Command.of("cp", "--archive", "--no-target-directory", "--", from.toString(), to.toString()).run();
  }

  static void remove(Path data) throws IOException {
    if (Files.isDirectory(data)) {
      Command.of("rm", "--recursive", "--force", "--", data.toString()).run();
    } else {
      Files.deleteIfExists(data);
    }
  }
}
