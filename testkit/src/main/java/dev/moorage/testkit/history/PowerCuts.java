package dev.moorage.testkit.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.process.Command;
import dev.moorage.testkit.Scratch;
import dev.moorage.testkit.TestDisk;
import dev.moorage.volume.ByteSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Power cuts at many moments of a history. The pool's disk is a file; a reflink of that file at a moment is what the disk held then:
 * everything that was flushed, nothing that was only in the page cache or in the filesystem's memory. Each copy is mounted afterwards as
 * after a reboot, and must hold every operation that had been acknowledged before the copy began.
 *
 * @param program whose main method calls {@link Performance#run}; it performs the history in a process of its own
 * @param count how many at most
 */
public record PowerCuts(Class<?> program, int count) {

  /** A copy of the disk: acknowledged before it was taken, begun by the time it was whole. */
  private record PowerCut(Path disk, int doneAtLeast, int begunAtMost) {}

  /** Performs the history, and looks at each copy that was taken meanwhile. */
  public void demandSurvival(List<Operation> history) throws Exception {
    try (TestDisk shelf = TestDisk.make(TestDisk.Kind.XFS, ByteSize.ofGibibytes(64))) {
      Path disk = newDisk(shelf);
      Path mount = Files.createDirectory(shelf.directory().resolve("mount"));
      mount(disk, mount);
      List<PowerCut> cuts;
      try {
        cuts = cutWhileRunning(shelf, disk, mount, history);
      } finally {
        Command.of("umount", mount.toString()).run();
      }
      assertThat(cuts).as("cuts taken while the history ran").hasSizeGreaterThan(count / 4);
      for (PowerCut cut : cuts) {
        check(shelf, cut, mount, history);
      }
    }
  }

  private List<PowerCut> cutWhileRunning(TestDisk shelf, Path disk, Path mount, List<Operation> history) throws Exception {
    Path scratch = Scratch.directory("power");
    KilledRun run = new KilledRun(mount.resolve("pool"), scratch.resolve("run"), scratch, program);
    Process process = run.start(history, "");
    List<PowerCut> cuts = new ArrayList<>();
    try {
      while (cuts.size() < count && !process.waitFor(120, TimeUnit.MILLISECONDS)) {
        Diary before = Diary.read(scratch.resolve("diary"));
        Path copy = shelf.directory().resolve("cut-" + cuts.size());
        Command.of("cp", "--reflink=always", disk.toString(), copy.toString()).run();
        cuts.add(new PowerCut(copy, before.done(), Diary.read(scratch.resolve("diary")).begun()));
      }
      assertThat(process.waitFor(120, TimeUnit.SECONDS)).as("the history ended").isTrue();
      assertThat(process.exitValue()).as(Files.readString(scratch.resolve("output"))).isZero();
      return cuts;
    } finally {
      process.destroyForcibly().waitFor();
      Scratch.remove(scratch);
    }
  }

  private static void check(TestDisk shelf, PowerCut cut, Path mount, List<Operation> history) throws Exception {
    Path run = shelf.directory().resolve("run-" + cut.disk().getFileName());
    mount(cut.disk(), mount);
    try {
      // Before the pool is whole for the first time there may be nothing at all.
      Aftermath.check(mount.resolve("pool"), run, new Model(), history, cut.doneAtLeast(), cut.begunAtMost(), cut.toString());
    } finally {
      Command.of("umount", mount.toString()).run();
    }
    Files.delete(cut.disk());
  }

  private static Path newDisk(TestDisk shelf) throws IOException {
    Path disk = shelf.directory().resolve("disk");
    Command.of("truncate", "-s", "16G", disk.toString()).run();
    Command.of("mkfs.xfs", "-q", "-m", "reflink=1", "-s", "size=4096", disk.toString()).run();
    return disk;
  }

  /** With direct I/O, so that what reaches the file is what was written out, and nothing else; nouuid, because copies share it. */
  private static void mount(Path disk, Path mount) throws IOException {
    String device = Command.of("losetup", "-f", "--show", "--direct-io=on", "-b", "4096", disk.toString()).run().strip();
    try {
      Command.of("mount", "-o", "nouuid", device, mount.toString()).run();
    } finally {
      // Only marks it: it goes with the mount.
      Command.of("losetup", "-d", device).run();
    }
  }
}
