package dev.moorage.linux;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A file that is read or written past the page cache (O_DIRECT). Through it each byte costs the kernel a copy and a page that it has to
 * find first, which is slow in a virtual machine whose host hands out memory page by page; and what databases have cached is pushed out.
 *
 * @param channel positions, lengths and the addresses of direct buffers are multiples of {@code grain}; only a read at the end of the file
 *     may come back with less
 */
public record DirectFile(FileChannel channel, int grain) {

  private static final long EXT4 = 0xEF53L;
  private static final long XFS = 0x58465342L;
  /** Others take the flag too and then go through the page cache, or are slow without its reading ahead. */
  private static final Set<Long> FILESYSTEMS = Set.of(EXT4, XFS);

  /**
   * Opens the file; empty where that cannot be done so, also because of a failure that opening it in the ordinary way will meet as well.
   *
   * @param unit what positions and addresses are multiples of anyway; must be one of the grain
   */
  public static Optional<DirectFile> open(Path file, int unit, OpenOption... options) {
    try {
      Optional<OpenOption> direct = option();
      if (direct.isEmpty() || !FILESYSTEMS.contains(FileOps.filesystemMagic(file))) {
        return Optional.empty();
      }
      FileStore filesystem = Files.getFileStore(file);
      int grain = Math.toIntExact(filesystem.getBlockSize());
      if (unit % grain != 0) {
        return Optional.empty();
      }
      OpenOption[] all = Stream.concat(Arrays.stream(options), direct.stream()).toArray(OpenOption[]::new);
      return Optional.of(new DirectFile(FileChannel.open(file, all), grain));
    } catch (IOException e) {
      System.getLogger(DirectFile.class.getName()).log(System.Logger.Level.DEBUG, file + " is used through the page cache", e);
      return Optional.empty();
    }
  }

  /** The JDK's option for it, which the compiler calls internal although every JDK has it; empty where one does not. */
  private static Optional<OpenOption> option() {
    try {
      Object[] options = Class.forName("com.sun.nio.file.ExtendedOpenOption").getEnumConstants();
      return Arrays.stream(options).filter(each -> each.toString().equals("DIRECT")).map(OpenOption.class::cast).findFirst();
    } catch (ClassNotFoundException _) {
      return Optional.empty();
    }
  }

  /** The bytes in whole grains. */
  public static int wholeGrains(int bytes, int grain) {
    return Math.ceilDiv(bytes, grain) * grain;
  }

  /** Memory for at least so many bytes that may be read into and written from. */
  public static ByteBuffer buffer(int bytes, int grain) {
    return ByteBuffer.allocateDirect(wholeGrains(bytes, grain) + grain - 1).alignedSlice(grain);
  }
}
