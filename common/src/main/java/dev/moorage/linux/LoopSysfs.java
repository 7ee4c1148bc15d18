package dev.moorage.linux;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What sysfs says of loop devices: /sys/block/loopN, whose directory {@code loop} exists only while the device is bound. */
final class LoopSysfs {

  private static final Path BLOCK = Path.of("/sys/block");
  private static final String PREFIX = "loop";

  private LoopSysfs() {}

  /** Every device that is bound now, in no order. */
  static List<LoopDevice> bound() throws IOException {
    List<LoopDevice> devices = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(BLOCK, PREFIX + "[0-9]*")) {
      for (Path entry : entries) {
        if (Files.exists(entry.resolve("loop"))) {
          devices.add(new LoopDevice(Integer.parseInt(entry.getFileName().toString().substring(PREFIX.length()))));
        }
      }
    }
    return devices;
  }

  /** The device's own major and minor number; minors are not the N of loopN when the driver makes partitions. */
  static DeviceNumber number(LoopDevice device) throws IOException {
    return DeviceNumber.parse(read(device, "dev"));
  }

  static boolean isDirect(LoopDevice device) throws IOException {
    return read(device, "loop/dio").equals("1");
  }

  static int blockBytes(LoopDevice device) throws IOException {
    return Integer.parseInt(read(device, "queue/logical_block_size"));
  }

  /** Whether the device lets discards through to its file. It remembers across bindings that somebody switched them off. */
  static boolean passesDiscards(LoopDevice device) throws IOException {
    return !read(device, "queue/discard_max_bytes").equals("0");
  }

  /**
   * One attribute.
   *
   * @throws NoSuchFileException when the kernel has no such device, or takes it away in this moment: then opening the attribute or
   *     reading it fails with ENODEV, which the JDK tells only as text, in the user's language
   */
  private static String read(LoopDevice device, String name) throws IOException {
    Path attribute = BLOCK.resolve(PREFIX + device.number()).resolve(name);
    try {
      return Files.readString(attribute).strip();
    } catch (NoSuchFileException | AccessDeniedException e) {
      throw e;
    } catch (IOException e) {
      throw (IOException) new NoSuchFileException(attribute.toString()).initCause(e);
    }
  }
}
