package dev.moorage.testkit.backend;

import dev.moorage.backend.Attachment;
import dev.moorage.backend.Home;
import dev.moorage.backend.VolumeBackend;
import dev.moorage.filesystem.Filesystem;
import dev.moorage.linux.Mounts;
import dev.moorage.testkit.Scratch;
import dev.moorage.volume.Access;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeSpec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Somebody who uses a volume as a container would: mounted, as a raw device, or as a directory. What it writes are numbers in
 * numbered slots, each one block that holds nothing but its number, so that the same test reads and writes all three and sees
 * torn blocks. One thread may write while others read.
 */
public final class Consumer implements AutoCloseable {

  private static final int SLOT_BYTES = 4096;

  private final VolumeBackend backend;
  private final Home home;
  private final Path path;
  private final boolean mounted;
  private final Optional<FileChannel> device;

  private Consumer(VolumeBackend backend, Home home, Path path, boolean mounted, Optional<FileChannel> device) {
    this.backend = backend;
    this.home = home;
    this.path = path;
    this.mounted = mounted;
    this.device = device;
  }

  /** Attaches the volume, and mounts it in the scratch directory when it is a device with a filesystem. */
  public static Consumer of(VolumeBackend backend, Home home, VolumeSpec spec) throws VolumeException, IOException {
    return of(backend, home, spec, Scratch.root().resolve("mnt-" + UUID.randomUUID()));
  }

  /** Attaches the volume, and mounts it at a directory to be made when it is a device with a filesystem. */
  public static Consumer of(VolumeBackend backend, Home home, VolumeSpec spec, Path mountPoint) throws VolumeException, IOException {
    try (Attachment attachment = backend.attach(home, spec)) {
      return switch (attachment) {
        case Attachment.Tree(Path tree) -> new Consumer(backend, home, tree, false, Optional.empty());
        case Attachment.Device device when spec.access() == Access.BLOCK ->
            new Consumer(backend, home, device.path(), false, Optional.of(open(device.path())));
        case Attachment.Device device -> {
          Filesystem filesystem = Filesystem.of(spec.filesystem());
          Files.createDirectory(mountPoint);
          Mounts.mount(device.path(), mountPoint, spec.filesystem().word(), Set.of(), filesystem.mountOptions(false, spec.preallocated()));
          yield new Consumer(backend, home, mountPoint, true, Optional.empty());
        }
      };
    }
  }

  /** As the users of raw devices do: without O_EXCL, and held open. */
  private static FileChannel open(Path device) throws IOException {
    return FileChannel.open(device, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }

  /** The directory or device. */
  public Path path() {
    return path;
  }

  /** Where the volume is mounted, if it is a device that is. */
  public Optional<Path> mountPoint() {
    return mounted ? Optional.of(path) : Optional.empty();
  }

  /** Writes and waits until it is on stable storage. */
  public void write(int slot, long value) throws IOException {
    put(slot, value, true);
  }

  /** Writes and returns at once. */
  public void writeWithoutSync(int slot, long value) throws IOException {
    put(slot, value, false);
  }

  private void put(int slot, long value, boolean sync) throws IOException {
    ByteBuffer block = ByteBuffer.allocateDirect(SLOT_BYTES);
    while (block.hasRemaining()) {
      block.putLong(value);
    }
    block.flip();
    if (device.isPresent()) {
      put(device.get(), block, (long) slot * SLOT_BYTES, sync);
    } else {
      try (FileChannel file = FileChannel.open(file(slot), StandardOpenOption.WRITE, StandardOpenOption.CREATE)) {
        put(file, block, 0, sync);
      }
    }
  }

  private static void put(FileChannel channel, ByteBuffer block, long offset, boolean sync) throws IOException {
    channel.write(block, offset);
    if (sync) {
      channel.force(true);
    }
  }

  /**
   * What the slot holds; 0 when it was never written.
   *
   * @throws AssertionError when the block is torn: it holds parts of two writes
   */
  public long read(int slot) throws IOException {
    ByteBuffer block = ByteBuffer.allocateDirect(SLOT_BYTES);
    int length;
    if (device.isPresent()) {
      length = device.get().read(block, (long) slot * SLOT_BYTES);
    } else if (Files.exists(file(slot)) && Files.size(file(slot)) > 0) {
      try (FileChannel file = FileChannel.open(file(slot), StandardOpenOption.READ)) {
        length = file.read(block, 0);
      }
    } else {
      return 0;
    }
    if (length != SLOT_BYTES) {
      throw new AssertionError("slot " + slot + " of " + path + " is cut off");
    }
    block.flip();
    long value = block.getLong();
    while (block.hasRemaining()) {
      if (block.getLong() != value) {
        throw new AssertionError("slot " + slot + " of " + path + " is torn");
      }
    }
    return value;
  }

  /** The names in the root; empty for a raw device. */
  public List<String> entries() throws IOException {
    if (device.isPresent()) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(path)) {
      return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
    }
  }

  private Path file(int slot) {
    return path.resolve("slot-" + slot);
  }

  /** Unmounts; lets go of a raw device. */
  @Override
  public void close() throws IOException, VolumeException {
    if (mounted) {
      if (Mounts.at(path).isPresent()) {
        Mounts.unmount(path);
        Files.delete(path);
      }
    } else {
      if (device.isPresent()) {
        device.get().close();
      }
      backend.detach(home);
    }
  }
}
