package dev.moorage.testkit;

import dev.moorage.process.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/**
 * An XFS disk in a file all of whose writes are recorded: a loop device beneath the device-mapper target log-writes. Needs a kernel with
 * that target. {@code DIRECTORY/first} is the disk as it was at first, {@code DIRECTORY/log} the record, to be read after {@link #close}.
 * Marks may come from any thread.
 */
public final class LoggedDisk implements AutoCloseable {

  private static final String SIZE = "4G";

  private final Path directory;
  private final String name = "logged-" + UUID.randomUUID();
  private final String disk;
  private final String log;

  private LoggedDisk(Path directory, String disk, String log) {
    this.directory = directory;
    this.disk = disk;
    this.log = log;
  }

  /** Makes and mounts it at {@code DIRECTORY/mount}; the directory must be on a filesystem with reflink. */
  public static LoggedDisk make(Path directory) throws IOException {
    for (String file : new String[] {"disk", "log"}) {
      Command.of("truncate", "-s", SIZE, directory.resolve(file).toString()).run();
    }
    Command.of("mkfs.xfs", "-q", "-m", "reflink=1", "-s", "size=4096", directory.resolve("disk").toString()).run();
    Command.of("cp", "--reflink=always", directory.resolve("disk").toString(), directory.resolve("first").toString()).run();
    LoggedDisk made = new LoggedDisk(directory, attach(directory.resolve("disk")), attach(directory.resolve("log")));
    boolean mounted = false;
    try {
      made.mountIt();
      mounted = true;
      return made;
    } finally {
      if (!mounted) {
        made.detach();
      }
    }
  }

  private void mountIt() throws IOException {
    String sectors = Command.of("blockdev", "--getsz", disk).run().strip();
    dmsetup("create", name, "--table", "0 " + sectors + " log-writes " + disk + " " + log);
    // The kernel's own node: nobody may have made one of that name.
    String node = dmsetup("info", "-c", "--noheadings", "-o", "blkdevname", name).strip();
    Files.createDirectory(mount());
    Command.of("mount", "/dev/" + node, mount().toString()).run();
  }

  private static String attach(Path file) throws IOException {
    return Command.of("losetup", "-f", "--show", "-b", "4096", file.toString()).run().strip();
  }

  /** There may be no udev that would make the nodes. */
  private String dmsetup(String... words) throws IOException {
    String[] argv = new String[words.length + 3];
    argv[0] = "dmsetup";
    argv[1] = "--noudevrules";
    argv[2] = "--noudevsync";
    System.arraycopy(words, 0, argv, 3, words.length);
    return Command.of(argv).run();
  }

  public Path mount() {
    return directory.resolve("mount");
  }

  /** Puts a word into the record. */
  public void mark(String word) throws IOException {
    dmsetup("message", name, "0", "mark", word);
  }

  @Override
  public void close() throws IOException {
    Command.of("umount", mount().toString()).run();
    detach();
  }

  private void detach() throws IOException {
    dmsetup("remove", name);
    Command.of("losetup", "-d", disk, log).run();
  }
}
