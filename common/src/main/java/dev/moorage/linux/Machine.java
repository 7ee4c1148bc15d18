package dev.moorage.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What Moorage asks about the machine and about this process. Safe for use by several threads. */
public final class Machine {

  private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");
  private static final Path RELEASE = Path.of("/proc/sys/kernel/osrelease");

  private Machine() {}

  /** Another text after each boot: what was mounted or attached under an earlier one is gone. */
  public static String bootId() throws IOException {
    return Files.readString(BOOT_ID).strip();
  }

  /** The running kernel; LOOP_CONFIGURE, hence every volume in an image, needs 5.8. */
  public static KernelVersion kernel() throws IOException {
    return KernelVersion.parse(Files.readString(RELEASE));
  }

  /** Whether this process acts as user 0. Its privileges may be fewer all the same: see {@link Capability}. */
  public static boolean isRoot() {
    return Libc.geteuid() == 0;
  }
}
