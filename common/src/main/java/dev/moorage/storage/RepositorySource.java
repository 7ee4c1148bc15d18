package dev.moorage.storage;

import dev.moorage.repository.Repository;
import dev.moorage.volume.DedupScope;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeException.NotFound;
import java.io.IOException;
import java.util.List;

/** The repositories that this host knows, by the names that it gives them. Safe for use by several threads. */
public interface RepositorySource extends AutoCloseable {

  /**
   * The repository of that name, unlocked: the same object until it is closed by its source, never by the caller.
   *
   * @throws VolumeException.NotFound when no repository is known by that name
   * @throws VolumeException.Unavailable when its store does not answer
   */
  Repository open(String name) throws VolumeException;

  /** What a failure of a repository that this source opened means to the caller of {@code action}. */
  default VolumeException failed(String action, String name, Repository repository, IOException failure) {
    return RepositoryTrouble.during(action, failure);
  }

  /** How far this host looks for content in a repository before it stores the first snapshot of a volume there. */
  default DedupScope dedup(String name) throws VolumeException {
    return DedupScope.LINEAGE;
  }

  /** All names, from memory. */
  List<String> names();

  /** Closes what it opened; called by the storage when it is closed and nothing uses a repository any more. */
  @Override
  default void close() {}

  /** Of a host that knows none. */
  static RepositorySource none() {
    return new RepositorySource() {
      @Override
      public Repository open(String name) throws VolumeException {
        throw new NotFound("open repository " + name, "this host knows no repository", "Make one with 'moorage repository create'");
      }

      @Override
      public List<String> names() {
        return List.of();
      }
    };
  }
}
