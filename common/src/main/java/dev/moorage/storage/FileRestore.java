package dev.moorage.storage;

import dev.moorage.record.AtomicFile;
import dev.moorage.record.Directories;
import dev.moorage.repository.Repository;
import dev.moorage.repository.history.SnapshotEntry;
import dev.moorage.repository.restore.Restore;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeException.AlreadyExists;
import dev.moorage.volume.VolumeException.InvalidArgument;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.function.LongConsumer;

/**
 * Restores a snapshot to a raw file. Until it is whole it stands beside the file under a name that says of which snapshot it is; what
 * was interrupted goes on from there when it is asked for again. For one thread.
 */
public final class FileRestore {

  private static final int IN_FLIGHT = 16;
  private static final int ID_CHARACTERS = 8;

  private final Repository repository;
  private final SnapshotEntry entry;
  private final Path file;
  private final Path partial;
  private final Path journal;

  /** {@code file} must not exist, its directory must. */
  public FileRestore(Repository repository, SnapshotEntry entry, Path file) {
    this.repository = repository;
    this.entry = entry;
    this.file = file.toAbsolutePath().normalize();
    String of = repository.header().id().toString().substring(0, ID_CHARACTERS) + "-" + entry.seat().volume() + "-" + entry.seat().seq();
    this.partial = this.file.resolveSibling("." + this.file.getFileName() + ".restoring-" + of);
    this.journal = this.file.resolveSibling(partial.getFileName() + ".json");
  }

  /**
   * Restores it; when this returns, the file is whole and durable.
   *
   * @param progress is told of the bytes of the volume that were restored, holes included
   * @throws IOException of the repository or of the disk
   */
  public void run(String action, LongConsumer progress) throws VolumeException, IOException {
    if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new AlreadyExists(action, "there is a file " + file + " already", "Name another one, or remove it");
    }
    Path directory = file.getParent();
    if (directory == null || !Files.isDirectory(directory)) {
      throw new InvalidArgument(action, "there is no directory " + directory, "Make it, or name another place");
    }
    if (!Files.exists(partial)) {
      // A journal without its file would leave out what it says is done.
      AtomicFile.delete(journal);
    }
    try (RandomAccessFile sparse = new RandomAccessFile(partial.toFile(), "rw")) {
      sparse.setLength(entry.size());
    }
    Directories.flush(directory);
    repository.restore(entry.seat(), partial, journal, HostName.ofMachine(), new Restore.Settings(IN_FLIGHT, true, progress));
    Directories.move(partial, file);
    AtomicFile.delete(journal);
  }
}
