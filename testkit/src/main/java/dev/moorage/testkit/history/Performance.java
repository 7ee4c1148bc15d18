package dev.moorage.testkit.history;

import dev.moorage.pool.PoolFileSettings;
import dev.moorage.pool.PoolSettings;
import dev.moorage.storage.Storage;
import dev.moorage.storage.StorageSettings;
import dev.moorage.telemetry.Telemetry;
import dev.moorage.volume.ByteSize;
import dev.moorage.volume.VolumeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * The program of the process that is killed: {@code Performance ROOT RUN HISTORY DIARY} opens a storage, performs the operations of the
 * file HISTORY, and notes each beginning and end in the file DIARY. It closes the storage at its end.
 */
public final class Performance {

  private Performance() {}

  /** What performs operations on a storage that is open: when it returns, the operation is acknowledged. */
  @FunctionalInterface
  public interface Hands extends AutoCloseable {
    void perform(Operation operation) throws Exception;

    @Override
    default void close() throws IOException {
      // Most have nothing open.
    }
  }

  /** Makes hands for a storage; {@code run} is its run directory. */
  @FunctionalInterface
  public interface HandsFor {
    Hands of(Storage storage, Path run) throws Exception;
  }

  /** See the class. */
  public static void main(String[] words) throws Exception {
    run(words, (storage, _) -> new Performer(storage)::perform);
  }

  /** The same by other hands, for the main method of another program. */
  public static void run(String[] words, HandsFor performers) throws Exception {
    Path diary = Path.of(words[3]);
    Path run = Path.of(words[1]);
    note(diary, "opening");
    try (Storage storage = open(Path.of(words[0]), run); Hands hands = performers.of(storage, run)) {
      note(diary, "open");
      int number = 0;
      for (String line : Files.readAllLines(Path.of(words[2]))) {
        note(diary, "begin " + number);
        hands.perform(Operation.parse(line));
        note(diary, "done " + number);
        number++;
      }
      note(diary, "closing");
    }
    note(diary, "closed");
  }

  /** Opens a storage of one pool whose automatic pool file, where it needs one, is small and grows in small steps. */
  public static Storage open(Path root, Path run) throws VolumeException {
    PoolSettings plain = PoolSettings.at(Performer.POOL, root);
    PoolFileSettings file =
        new PoolFileSettings(ByteSize.ofMebibytes(512), ByteSize.ofMebibytes(64), ByteSize.ofMebibytes(64), 0.05);
    PoolSettings settings = new PoolSettings(plain.name(), plain.root(), plain.backends(), plain.overcommit(),
        plain.defaultSize(), plain.trashRetention(), file);
    return Storage.open(new StorageSettings(List.of(settings), run, "host"), new Telemetry(), new Vault(root.resolveSibling("vault")));
  }

  private static void note(Path diary, String line) throws IOException {
    Files.writeString(diary, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }
}
