package dev.moorage.repository.gc;

/** Hears how far a collection is. Called by the thread that runs it. */
@FunctionalInterface
public interface CollectionProgress {

  /** Hears nothing. */
  CollectionProgress NONE = (_, _, _) -> {};

  /** What a collection does one after the other; it deletes for each older tombstone, and at the end for its own. */
  enum Stage {
    LISTING,
    MARKING,
    DELETING
  }

  /** {@code done} of {@code total} packs or snapshots; a total of 0 is not known. */
  void at(Stage stage, long done, long total);
}
