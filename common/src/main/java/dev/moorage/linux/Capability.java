package dev.moorage.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The privileges of capabilities(7) that Moorage's work rests on. A container's root often lacks some of them. */
public enum Capability {
  /** Mounts, loop devices, freeze, quota. */
  SYS_ADMIN(21),
  /** Growing a mounted ext4 (not XFS), and using its reserved blocks. */
  SYS_RESOURCE(24),
  /** Device nodes, where /dev is not the kernel's own. */
  MKNOD(27);

  private static final Path STATUS = Path.of("/proc/self/status");
  private static final String EFFECTIVE = "CapEff:";

  private final int bit;

  Capability(int bit) {
    this.bit = bit;
  }

  /** Whether this process has it now. */
  public boolean isEffective() throws IOException {
    for (String line : Files.readAllLines(STATUS)) {
      if (line.startsWith(EFFECTIVE)) {
        return (Long.parseUnsignedLong(line.substring(EFFECTIVE.length()).strip(), 16) >>> bit & 1) == 1;
      }
    }
    throw new IOException(STATUS + " has no line " + EFFECTIVE);
  }
}
