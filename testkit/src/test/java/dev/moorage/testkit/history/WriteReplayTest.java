package dev.moorage.testkit.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.process.Command;
import dev.moorage.storage.Storage;
import dev.moorage.testkit.LeakCheck;
import dev.moorage.testkit.LoggedDisk;
import dev.moorage.testkit.Scratch;
import dev.moorage.testkit.history.Operation.Verb;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A power cut between any two writes of the pool's disk. Every write is recorded in the order in which the disk made it durable, and made
 * again one by one; at some of them, chosen by seed, the disk is mounted as after a reboot and must hold every operation whose end was marked
 * in the record before.
 */
@Tag("guest")
@ExtendWith(LeakCheck.class)
class WriteReplayTest {

  private static final int CUTS = Integer.getInteger("moorage.replay.cuts", 12);
  private static final long SEED = Long.getLong("moorage.soak.seed", 1);

  private static final List<Operation> HISTORY = List.of(
      Operation.of(Verb.CREATE, "db", "ext4:32M"),
      Operation.of(Verb.WRITE, "db", "one"),
      Operation.of(Verb.CREATE, "files", "tree:16M"),
      Operation.of(Verb.MOUNT, "db"),
      Operation.onSnapshot(Verb.SNAPSHOT, "db", "s1"),
      Operation.of(Verb.WRITE, "db", "two"),
      Operation.of(Verb.GROW, "db", "48M"),
      Operation.of(Verb.CLONE, "db", "copy"),
      Operation.of(Verb.UNMOUNT, "db"),
      Operation.onSnapshot(Verb.FROM, "db", "s1", "old"),
      Operation.onSnapshot(Verb.REMOVE_SNAPSHOT, "db", "s1"),
      Operation.of(Verb.REMOVE, "copy"),
      Operation.of(Verb.UNDO, "copy"),
      Operation.of(Verb.REMOVE, "files"),
      Operation.of(Verb.REMOVE, "db"),
      Operation.of(Verb.EMPTY_TRASH, "-"),
      Operation.of(Verb.WRITE, "old", "three"));

  @Test
  void whatWasAcknowledgedIsThereWhicheverWriteWasTheLast() throws Exception {
    Path directory = Scratch.directory("replay");
    record(directory);
    Path disk = directory.resolve("replayed");
    Files.move(directory.resolve("first"), disk);
    try (WriteLog log = WriteLog.open(directory.resolve("log"));
        FileChannel open = FileChannel.open(disk, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      List<WriteLog.Entry> entries = log.entries();
      Set<Integer> cuts = cuts(entries.size());
      int done = 0;
      for (int number = 0; number < entries.size(); number++) {
        WriteLog.Entry entry = entries.get(number);
        log.apply(entry, disk, open);
        done += entry.mark().startsWith("done") ? 1 : 0;
        if (cuts.contains(number)) {
          check(directory, disk, done, "power cut after write " + number + " of " + entries.size() + ", seed " + SEED);
        }
      }
      assertThat(done).as("operations whose end is in the record").isEqualTo(HISTORY.size());
    }
    Scratch.remove(directory);
  }

  private static void record(Path directory) throws Exception {
    try (LoggedDisk logged = LoggedDisk.make(directory);
        Storage storage = Performance.open(logged.mount().resolve("pool"), directory.resolve("run"))) {
      Performer performer = new Performer(storage);
      for (int number = 0; number < HISTORY.size(); number++) {
        performer.perform(HISTORY.get(number));
        logged.mark("done-" + number);
      }
    }
  }

  private static Set<Integer> cuts(int entries) {
    Random random = new Random(SEED);
    Set<Integer> cuts = new TreeSet<>(Set.of(entries - 1));
    while (cuts.size() < Math.min(CUTS, entries)) {
      cuts.add(random.nextInt(entries));
    }
    return cuts;
  }

  private static void check(Path directory, Path disk, int done, String story) throws Exception {
    Path copy = directory.resolve("cut");
    Path mount = Files.createDirectories(directory.resolve("after"));
    Command.of("cp", "--reflink=always", disk.toString(), copy.toString()).run();
    Command.of("mount", "-o", "loop,nouuid", copy.toString(), mount.toString()).run();
    try {
      Path run = directory.resolve("run-after");
      Aftermath.check(mount.resolve("pool"), run, new Model(), HISTORY, done, Math.min(done + 1, HISTORY.size()), story);
    } finally {
      Command.of("umount", mount.toString()).run();
    }
    Files.delete(copy);
  }
}
