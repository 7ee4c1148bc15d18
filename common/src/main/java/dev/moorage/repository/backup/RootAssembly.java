package dev.moorage.repository.backup;

import dev.moorage.repository.map.Leaf;
import dev.moorage.repository.map.Root;
import dev.moorage.repository.map.RootBuilder;
import dev.moorage.repository.pack.BlobId;
import dev.moorage.repository.pack.BlobRef;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Puts the leaves together in their order, although they are finished in another one, and keeps the parent's leaves where nothing was
 * planned. Holds back only what was finished too early. Safe for use by several threads.
 */
final class RootAssembly {

  /** How a plan ended. */
  sealed interface Done {

    int leaf();

    /** All its blocks are zeros now. */
    record Zeros(int leaf) implements Done {}

    /** It is the parent's. */
    record Kept(int leaf) implements Done {}

    /** It was written. */
    record Written(Leaf content, BlobRef ref, BlobId id) implements Done {
      @Override
      public int leaf() {
        return content.index();
      }
    }
  }

  private final RootBuilder builder;
  private final @Nullable Root parent;
  private final boolean keepsUnplanned;
  private final Map<Integer, Done> early = new TreeMap<>();
  private int nextSequence;
  private int nextPosition;

  /** {@code keepsUnplanned}: leaves without a plan are the parent's, not zeros. */
  RootAssembly(RootBuilder builder, @Nullable Root parent, boolean keepsUnplanned) {
    this.builder = builder;
    this.parent = parent;
    this.keepsUnplanned = keepsUnplanned;
  }

  /** The plan of that number ended so. */
  synchronized void done(int sequence, Done done) {
    early.put(sequence, done);
    for (Done next = early.remove(nextSequence); next != null; next = early.remove(nextSequence)) {
      add(next);
      nextSequence++;
    }
  }

  private void add(Done done) {
    keepUntil(done.leaf());
    switch (done) {
      case Done.Zeros _ -> { }
      case Done.Kept kept -> {
        Root from = parent;
        if (from == null) {
          throw new IllegalStateException("BUG: leaf " + kept.leaf + " is kept of no parent");
        }
        builder.keep(from, from.findLeaf(kept.leaf));
      }
      case Done.Written written -> builder.put(written.content, written.ref, written.id);
    }
  }

  /** Keeps the parent's leaves before this one, and passes over the parent's leaf of this index. */
  private void keepUntil(int leaf) {
    if (parent == null || !keepsUnplanned) {
      return;
    }
    while (nextPosition < parent.leafCount() && parent.leafIndex(nextPosition) < leaf) {
      builder.keep(parent, nextPosition++);
    }
    if (nextPosition < parent.leafCount() && parent.leafIndex(nextPosition) == leaf) {
      nextPosition++;
    }
  }

  /** The root, when all plans have ended. */
  synchronized Root finish() {
    if (!early.isEmpty()) {
      throw new IllegalStateException("BUG: a leaf was never finished");
    }
    keepUntil(Integer.MAX_VALUE);
    return builder.build();
  }
}
