package dev.moorage.testkit;

import dev.moorage.process.Command;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Writes files as the root of a container does: without CAP_SYS_RESOURCE, which lets a process of the host pass the quota of ext4.
 */
public final class ContainerWrite {

  private ContainerWrite() {}

  /** Writes zeros and waits until they are on the disk; fails with the writer's own words when they do not fit. */
  public static void zeros(Path file, int mebibytes) throws IOException {
    run("dd", "if=/dev/zero", "of=" + file, "bs=1M", "count=" + mebibytes, "conv=fsync", "status=none");
  }

  /** Any command. */
  public static void run(String... argv) throws IOException {
    String[] all = new String[argv.length + 3];
    all[0] = "setpriv";
    all[1] = "--bounding-set=-sys_resource";
    all[2] = "--inh-caps=-sys_resource";
    System.arraycopy(argv, 0, all, 3, argv.length);
    Command.of(all).run();
  }
}
