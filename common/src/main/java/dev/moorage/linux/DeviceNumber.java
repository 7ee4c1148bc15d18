package dev.moorage.linux;

/** The number of a device: of a block device, or of the one that holds a filesystem. */
public record DeviceNumber(int major, int minor) {

  /** Reads the form {@code major:minor} of sysfs and mountinfo. */
  static DeviceNumber parse(String text) {
    String[] parts = text.strip().split(":", 2);
    return new DeviceNumber(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
  }

  /** As the kernel writes it in one field, such as lo_device (huge_encode_dev). */
  long encoded() {
    return (minor & 0xff) | ((long) major << 8) | ((minor & ~0xffL) << 12);
  }

  static DeviceNumber decode(long encoded) {
    return new DeviceNumber((int) ((encoded >> 8) & 0xfff), (int) ((encoded & 0xff) | ((encoded >> 12) & ~0xffL)));
  }

  /** {@code major:minor}. */
  @Override
  public String toString() {
    return major + ":" + minor;
  }
}
