package dev.moorage.repository.gc;

import dev.moorage.repository.history.PackSet;
import dev.moorage.repository.history.SnapshotEntry;
import java.io.IOException;

/** Knows the packs that a snapshot needs: those of its map, and those of its blocks. */
@FunctionalInterface
public interface PackReferences {

  /**
   * Adds every pack that the snapshot refers to.
   *
   * @throws dev.moorage.objectstore.ObjectStoreException.NoSuchObject when its map is gone
   * @throws dev.moorage.repository.UnreadableException when its map cannot be read
   */
  void addPacks(SnapshotEntry snapshot, PackSet to) throws IOException;
}
