package dev.moorage.objectstore.file;

import dev.moorage.objectstore.ObjectStore;
import dev.moorage.objectstore.ObjectStoreException;
import dev.moorage.objectstore.StoreLocation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/** Opens local directories as object stores. */
public final class FileStores {

  private FileStores() {}

  /** Opens {@code file:///PATH}, a directory that must exist: one that is made here may hide a disk that is not mounted. */
  public static ObjectStore open(StoreLocation location) throws ObjectStoreException {
    if (location.bucket().isPresent() || location.prefix().isEmpty()) {
      throw new ObjectStoreException.Invalid("open " + location, "it names no absolute path", "Write file:///PATH", null);
    }
    location.allowOptions(Set.of());
    return open(Path.of("/" + location.prefix()));
  }

  /** Opens an existing directory, which may be shared with other processes and, where its filesystem has locks, hosts. */
  public static ObjectStore open(Path directory) throws ObjectStoreException {
    String action = "open object store " + directory;
    if (!Files.isDirectory(directory)) {
      throw new ObjectStoreException.Invalid(action, "there is no such directory", "Make it, or mount what belongs there", null);
    }
    try {
      return new FileObjectStore(directory.toRealPath());
    } catch (IOException e) {
      throw FileErrors.translate(action, e);
    }
  }
}
