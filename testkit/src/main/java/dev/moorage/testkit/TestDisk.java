package dev.moorage.testkit;

import dev.moorage.process.Command;
import dev.moorage.volume.ByteSize;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A small filesystem of its own for a test: a sparse image, a loop device, a mount; made with the system's own programs. Closing
 * it unmounts what the test mounted beneath, then itself, and removes the image, whatever state the test left it in.
 *
 * <p>Needs root. Not for use by several threads.
 */
public final class TestDisk implements AutoCloseable {

  /** What the disk holds. */
  public enum Kind {
    /** XFS with reflink, 4 KiB sectors; at least 300 MiB. */
    XFS("mkfs.xfs -q -f -s size=4096 -m reflink=1"),
    EXT4("mkfs.ext4 -q -F"),
    BTRFS("mkfs.btrfs -q -f"),
    /** Memory, without image or loop device. */
    TMPFS("");

    private final String make;

    Kind(String make) {
      this.make = make;
    }
  }

  private final Path scratch;
  private final Path directory;

  private TestDisk(Path scratch, Path directory) {
    this.scratch = scratch;
    this.directory = directory;
  }

  /** Makes and mounts a disk; leaves nothing behind when that fails. */
  public static TestDisk make(Kind kind, ByteSize size) {
    return make(kind, size, List.of(), "loop");
  }

  /** An ext4 or XFS disk that enforces project quota, which not every kernel has. */
  public static TestDisk withProjectQuota(Kind kind, ByteSize size) {
    return make(kind, size, kind == Kind.EXT4 ? List.of("-O", "quota,project") : List.of(), "loop,prjquota");
  }

  /** {@code features}: more words for the program that makes the filesystem. */
  public static TestDisk make(Kind kind, ByteSize size, List<String> features) {
    return make(kind, size, features, "loop");
  }

  private static TestDisk make(Kind kind, ByteSize size, List<String> features, String options) {
    Path scratch = Scratch.directory("disk");
    try {
      Path directory = Files.createDirectory(scratch.resolve("mnt"));
      if (kind == Kind.TMPFS) {
        Command.of("mount", "-t", "tmpfs", "-o", "size=" + size.bytes(), "tmpfs", directory.toString()).run();
      } else {
        Path image = scratch.resolve("disk.img");
        makeImage(kind, size, features, image);
        // "loop" binds with autoclear: the device goes with the mount, also when this process is killed meanwhile.
        Command.of("mount", "-o", options, image.toString(), directory.toString()).run();
      }
      return new TestDisk(scratch, directory);
    } catch (IOException e) {
      Scratch.remove(scratch);
      throw new UncheckedIOException(e);
    }
  }

  private static void makeImage(Kind kind, ByteSize size, List<String> features, Path image) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      file.setLength(size.bytes());
    }
    List<String> make = new ArrayList<>(List.of(kind.make.split(" ")));
    make.addAll(features);
    make.add(image.toString());
    Command.of(make.toArray(String[]::new)).run();
  }

  /** Where it is mounted; a real path, empty but for what mkfs makes. */
  public Path directory() {
    return directory;
  }

  /** The image beneath it; for a disk in memory it does not exist. */
  public Path image() {
    return scratch.resolve("disk.img");
  }

  @Override
  public void close() {
    Scratch.remove(scratch);
  }
}
