package dev.moorage.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Files that stand for block devices, wherever they lie. */
public final class DeviceNodes {

  private static final int TYPE = 0170000;
  private static final int TYPE_BLOCK_DEVICE = 0060000;

  private DeviceNodes() {}

  /** Whether both, symbolic links followed, stand for the same block device. False for what cannot be looked at or is no such file. */
  public static boolean areOfOneDevice(Path one, Path other) {
    Optional<Long> number = number(one);
    return number.isPresent() && number.equals(number(other));
  }

  private static Optional<Long> number(Path path) {
    try {
      Map<String, Object> attributes = Files.readAttributes(path, "unix:mode,rdev");
      boolean device = attributes.get("mode") instanceof Integer mode && (mode & TYPE) == TYPE_BLOCK_DEVICE;
      return device && attributes.get("rdev") instanceof Long number ? Optional.of(number) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
