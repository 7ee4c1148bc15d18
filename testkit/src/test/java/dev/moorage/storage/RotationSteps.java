package dev.moorage.storage;

import dev.moorage.objectstore.ObjectStores;
import dev.moorage.pool.PoolSettings;
import dev.moorage.repository.KeyRotation;
import dev.moorage.repository.key.SlotKind;
import dev.moorage.telemetry.Telemetry;
import dev.moorage.volume.BackendKind;
import dev.moorage.volume.Owner;
import dev.moorage.volume.PoolName;
import dev.moorage.volume.RepositoryName;
import dev.moorage.volume.VolumeException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A rotation of the keys of a repository in a local directory, by the service of a host, for a process that is killed somewhere in it. */
final class RotationSteps {

  static final RepositoryName NAME = new RepositoryName("vault");

  private static final Duration LONG = Duration.ofSeconds(60);
  static final Caller CALLER = new Caller("admin", Owner.LOCAL, LONG, LONG);

  private RotationSteps() {}

  static Path store(Path directory) {
    return directory.resolve("store");
  }

  /** By which this host opens it. */
  static SecretFile own(Path directory) {
    return new SecretFile(SlotKind.KEY_FILE, directory.resolve("own.key"));
  }

  /** By which another host does. */
  static SecretFile other(Path directory) {
    return new SecretFile(SlotKind.KEY_FILE, directory.resolve("other.key"));
  }

  static Storage open(Path directory) throws VolumeException {
    PoolSettings plain = PoolSettings.at(new PoolName("default"), directory.resolve("pool"));
    PoolSettings pool = new PoolSettings(plain.name(), plain.root(), List.of(BackendKind.DIRECTORY), plain.overcommit(), plain.defaultSize(),
        plain.trashRetention(), plain.file());
    return Storage.open(new StorageSettings(List.of(pool), directory.resolve("run"), List.of(), new ObjectStores(Map.of())), new Telemetry());
  }

  static KeyRotation.Outcome rotate(Path directory, Storage storage) throws VolumeException {
    return storage.repositories().keys().rotate(CALLER, NAME, new RotateKeys(List.of(other(directory)), Set.of()));
  }

  /** The process that is killed: its diary has the recovery key that somebody was told. */
  public static void main(String[] arguments) throws Exception {
    Path directory = Path.of(arguments[0]);
    try (Storage storage = open(directory)) {
      String told = rotate(directory, storage).recoveryKey().orElseThrow();
      Files.writeString(Path.of(arguments[1]), told + "\n", StandardOpenOption.APPEND);
    }
  }
}
