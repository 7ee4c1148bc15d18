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

  /** See the class. */
  public static void main(String[] words) throws VolumeException, IOException, InterruptedException {
    Path diary = Path.of(words[3]);
    note(diary, "opening");
    try (Storage storage = open(Path.of(words[0]), Path.of(words[1]))) {
      note(diary, "open");
      Performer performer = new Performer(storage);
      int number = 0;
      for (String line : Files.readAllLines(Path.of(words[2]))) {
        note(diary, "begin " + number);
        performer.perform(Operation.parse(line));
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
