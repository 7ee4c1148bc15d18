package dev.moorage.bench;

import dev.moorage.linux.LoopDevices;
import dev.moorage.linux.Mounts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/**
 * The life of a volume for one pod, by a driver, by hand with the programs of the machine, and by the same system calls alone, in turns.
 * What comes before and after a pod is not part of the last. Prints {@link Timings}: {@code driver make}, {@code hand attach} and so on.
 */
final class CsiLatency {

  private static final String FORMAT = "mkfs.ext4 -q -F -b 4096 -m 0 -E lazy_itable_init=1,lazy_journal_init=1,nodiscard ";

  private final boolean block;
  private final CsiClient driver;
  private final Shell shell;
  private final Path images;
  private final Path paths;
  private final Timings timings = new Timings();

  private CsiLatency(boolean block, CsiClient driver, Shell shell, Path images, Path paths) {
    this.block = block;
    this.driver = driver;
    this.shell = shell;
    this.images = images;
    this.paths = paths;
  }

  /** Arguments: filesystem or block, the driver's socket, a directory for images, one for mounts, rounds to warm up, rounds. */
  public static void main(String[] arguments) throws Exception {
    boolean block = arguments[0].equals("block");
    Path paths = Files.createDirectories(Path.of(arguments[3]));
    try (CsiClient driver = new CsiClient(Path.of(arguments[1]), block);
        Shell shell = new Shell()) {
      CsiLatency latency = new CsiLatency(block, driver, shell, Files.createDirectories(Path.of(arguments[2])), paths);
      latency.rounds("warm-" + arguments[0], Integer.parseInt(arguments[4]));
      latency.timings.forget();
      latency.rounds(arguments[0], Integer.parseInt(arguments[5]));
      latency.timings.print();
    }
  }

  private void rounds(String name, int number) throws Exception {
    for (int i = 0; i < number; i++) {
      byDriver(name + "-" + i);
      byHand();
      bySystemCalls();
    }
  }

  private void byDriver(String name) throws Exception {
    Path staging = Files.createDirectories(paths.resolve("driver-staging"));
    Path target = paths.resolve("driver-target");
    String volume = timings.take("driver make", () -> driver.create(name));
    timings.take("driver attach", () -> {
      timings.take("driver stage", () -> driver.stage(volume, staging));
      return timings.take("driver publish", () -> driver.publish(volume, staging, target));
    });
    timings.take("driver detach", () -> {
      timings.take("driver unpublish", () -> driver.unpublish(volume, target));
      return timings.take("driver unstage", () -> driver.unstage(volume, staging));
    });
    timings.take("driver drop", () -> driver.delete(volume));
  }

  private void byHand() throws Exception {
    Path image = images.resolve("hand");
    Path staging = Files.createDirectories(paths.resolve("hand-staging"));
    Path target = paths.resolve("hand-target");
    String attach = "device=$(losetup --find --show --direct-io=on --sector-size 4096 " + image + ") && ";
    String detach = " && losetup --detach $device";
    timings.take("hand make", () -> make(image));
    timings.take("hand attach", () -> hand(attach + (block
        ? ": > " + target + " && mount --bind $device " + target
        : "mount -t ext4 $device " + staging + " && mkdir " + target + " && mount --bind " + staging + " " + target)));
    timings.take("hand detach", () -> hand((block
        ? "umount " + target + " && rm " + target
        : "umount " + target + " && rmdir " + target + " && umount " + staging) + detach));
    timings.take("hand drop", () -> hand("rm " + image));
  }

  /** An image as the driver makes one, on the disk. */
  private boolean make(Path image) throws IOException {
    return hand("truncate -s 1G " + image + (block ? "" : " && " + FORMAT + image) + " && sync " + image);
  }

  private boolean hand(String commands) throws IOException {
    shell.run(commands);
    return true;
  }

  private void bySystemCalls() throws Exception {
    Path image = images.resolve("calls");
    Path staging = Files.createDirectories(paths.resolve("calls-staging"));
    Path target = paths.resolve("calls-target");
    make(image);
    timings.take("calls attach", () -> attach(image, staging, target));
    timings.take("calls detach", () -> detach(staging, target));
    Files.delete(image);
  }

  /** The device goes with its last mount, as the driver's do. */
  private boolean attach(Path image, Path staging, Path target) throws IOException {
    try (LoopDevices.Held held = LoopDevices.attach(image, new LoopDevices.Options(false, !block))) {
      if (block) {
        Files.createFile(target);
        Mounts.bind(held.device().path(), target, false);
      } else {
        Mounts.mount(held.device().path(), staging, "ext4", Set.of(), "");
        Files.createDirectory(target);
        Mounts.bind(staging, target, false);
      }
      return true;
    }
  }

  private boolean detach(Path staging, Path target) throws IOException {
    Mounts.unmount(target);
    Files.delete(target);
    if (block) {
      LoopDevices.detach(LoopDevices.find(images.resolve("calls")).orElseThrow());
    } else {
      Mounts.unmount(staging);
    }
    return true;
  }
}
