package dev.moorage.testkit.history;

import dev.moorage.objectstore.ObjectStore;
import dev.moorage.objectstore.file.FileStores;
import dev.moorage.repository.Repository;
import dev.moorage.repository.RepositoryHeader;
import dev.moorage.repository.key.KeyFile;
import dev.moorage.repository.key.UnlockSecret;
import dev.moorage.storage.RepositorySource;
import dev.moorage.volume.VolumeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One repository, {@code vault}, in a local directory: made at the first use, opened by each process for itself. */
public final class Vault implements RepositorySource {

  /** What hosts call it. */
  public static final String NAME = "vault";

  private static final UnlockSecret SECRET = new KeyFile(new byte[KeyFile.BYTES_MIN]);
  private static final int BLOCK_BYTES = 16 << 10;

  private final Path directory;
  private @Nullable Repository repository;

  /** The repository in that directory. */
  public Vault(Path directory) {
    this.directory = directory;
  }

  @Override
  public synchronized Repository open(String name) throws VolumeException {
    if (!name.equals(NAME)) {
      throw new VolumeException.NotFound("open repository " + name, "there is only " + NAME, "");
    }
    try {
      return open();
    } catch (IOException e) {
      throw new VolumeException.Unavailable("open repository " + name, String.valueOf(e.getMessage()), "", e);
    }
  }

  private Repository open() throws IOException {
    Repository open = repository;
    if (open == null) {
      Files.createDirectories(directory);
      ObjectStore store = FileStores.open(directory);
      open = store.head(RepositoryHeader.KEY).isPresent() ? Repository.open(store, SECRET, Clock.systemUTC())
          : Repository.create(store, new Repository.Creation(BLOCK_BYTES, SECRET, "test"), Clock.systemUTC()).repository();
      repository = open;
    }
    return open;
  }

  /** For looking into it. */
  public synchronized Repository repository() {
    try {
      return open();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** May be opened again. */
  @Override
  public synchronized void close() {
    Repository open = repository;
    if (open == null) {
      return;
    }
    repository = null;
    try {
      open.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public List<String> names() {
    return List.of(NAME);
  }
}
