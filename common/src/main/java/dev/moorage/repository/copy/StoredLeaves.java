package dev.moorage.repository.copy;

import dev.moorage.objectstore.ObjectStore;
import dev.moorage.repository.key.KeyRing;
import dev.moorage.repository.map.Leaf;
import dev.moorage.repository.map.LeafCodec;
import dev.moorage.repository.map.Root;
import dev.moorage.repository.pack.BlobRef;
import dev.moorage.repository.pack.StoredBlobs;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The leaves of one map, of which the few that were used last are kept. Safe for use by several threads, one at a time. */
final class StoredLeaves implements AutoCloseable {

  /** Each takes up to 160 KiB. */
  private static final int KEPT_MAX = 12;

  private final Root root;
  private final StoredBlobs blobs;
  private final Map<Integer, Leaf> kept = new LinkedHashMap<>(16, 0.75f, true) {
    @Override
    protected boolean removeEldestEntry(Map.Entry<Integer, Leaf> eldest) {
      return size() > KEPT_MAX;
    }
  };

  StoredLeaves(ObjectStore store, KeyRing ring, Root root) {
    this.root = root;
    this.blobs = new StoredBlobs(store, ring);
  }

  /** The leaf of this index; null when all its blocks are zeros. */
  synchronized @Nullable Leaf of(int index) throws IOException {
    Leaf leaf = kept.get(index);
    int position = leaf == null ? root.findLeaf(index) : -1;
    if (position >= 0) {
      BlobRef ref = root.leafRef(position);
      byte[] text = blobs.read(ref);
      leaf = LeafCodec.decode(ref.toString(), index, text, text.length);
      kept.put(index, leaf);
    }
    return leaf;
  }

  @Override
  public synchronized void close() {
    blobs.close();
  }
}
