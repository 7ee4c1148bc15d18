package dev.moorage.storage;

import dev.moorage.objectstore.ObjectStore;
import dev.moorage.repository.Repository;
import dev.moorage.repository.key.KeyFile;
import dev.moorage.repository.key.UnlockSecret;
import dev.moorage.volume.VolumeException;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** One repository {@code vault} in one store, which several hosts share; each may see the store through a decorator of its own. */
final class SharedStore {

  static final String NAME = "vault";
  private static final UnlockSecret SECRET = new KeyFile(new byte[KeyFile.BYTES_MIN]);

  private final ObjectStore store;

  private SharedStore(ObjectStore store) {
    this.store = store;
  }

  /** Makes the repository, of small blocks. */
  static SharedStore create(ObjectStore store) throws IOException {
    Repository.create(store, new Repository.Creation(16 << 10, SECRET, "test"), Clock.systemUTC());
    return new SharedStore(store);
  }

  /** In a store that holds one already. */
  static SharedStore at(ObjectStore store) {
    return new SharedStore(store);
  }

  RepositorySource source() {
    return source(each -> each);
  }

  /** What one host knows: opened at the first use, and again when that failed. */
  RepositorySource source(UnaryOperator<ObjectStore> seen) {
    return new Source(seen.apply(store));
  }

  Repository open() throws IOException {
    return Repository.open(store, SECRET, Clock.systemUTC());
  }

  private static final class Source implements RepositorySource {
    private final ObjectStore store;
    private @Nullable Repository repository;

    Source(ObjectStore store) {
      this.store = store;
    }

    @Override
    public synchronized Repository open(String name) throws VolumeException {
      try {
        if (repository == null) {
          repository = Repository.open(store, SECRET, Clock.systemUTC());
        }
        return repository;
      } catch (IOException e) {
        throw RepositoryTrouble.during("open repository " + name, e);
      }
    }

    @Override
    public List<String> names() {
      return List.of(NAME);
    }
  }
}
