package dev.moorage.repository;

import dev.moorage.objectstore.ObjectStoreException;
import dev.moorage.repository.history.SnapshotEntry;
import dev.moorage.repository.history.WriterSession;
import dev.moorage.repository.map.Root;
import dev.moorage.repository.pack.BlobRef;
import dev.moorage.repository.pack.PackNames;
import dev.moorage.repository.pack.PackWriter;
import dev.moorage.volume.DedupScope;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What a new snapshot is built upon.
 *
 * @param map of its parent, or of a relative's snapshot: a block that is the same at the same place is taken from there
 * @param parts where the parts of that map are
 * @param packs in which content is looked for wherever it was; they can be walked through any number of times
 */
record Foundation(Optional<Root> map, List<BlobRef> parts, Supplier<PackNames> packs) {

  private static final System.Logger LOG = System.getLogger(Foundation.class.getName());

  /** Reading all footers of the parent pays when this share of what they tell of is read. */
  private static final int SEARCH_SHARE = 8;

  /** Stores a snapshot upon a foundation. */
  @FunctionalInterface
  interface Storing {
    List<BlobRef> upon(Foundation foundation) throws IOException;
  }

  static Foundation none() {
    return new Foundation(Optional.empty(), List.of(), () -> PackNames.of(List.of()));
  }

  /** The parent's blocks are taken by their places; by their contents as well when so much is read that something large may have moved. */
  static Foundation ofParent(Root map, SnapshotEntry parent, long bytesToRead) {
    long told = Math.min((long) map.packCount() * PackWriter.TARGET_BYTES, map.volumeBytes());
    boolean searches = bytesToRead > 0 && told / SEARCH_SHARE <= bytesToRead;
    return new Foundation(Optional.of(map), parent.root(), searches ? () -> PackFooters.of(map) : none().packs);
  }

  /** For a volume whose own history has no snapshot. A relative that cannot be read is passed over. */
  static Foundation ofRelatives(Repository repository, WriterSession session, Upload.Sharing sharing) throws IOException {
    if (sharing.scope() == DedupScope.NONE) {
      return none();
    }
    for (Upload.Relative each : sharing.relatives()) {
      Optional<SnapshotEntry> snapshot = session.relative(each.volume(), each.seq());
      try {
        if (snapshot.isPresent()) {
          Root map = repository.root(snapshot.get());
          return new Foundation(Optional.of(map), snapshot.get().root(),
              sharing.scope() == DedupScope.REPOSITORY ? session::stored : () -> PackFooters.of(map));
        }
      } catch (UnreadableException | ObjectStoreException.NoSuchObject | ObjectStoreException.InvalidRange e) {
        LOG.log(System.Logger.Level.WARNING, session + " does not build upon " + snapshot.get().label() + ": " + e.getMessage());
      }
    }
    return sharing.scope() == DedupScope.REPOSITORY ? new Foundation(Optional.empty(), List.of(), session::stored) : none();
  }

  /** Stores upon this or, when it turns out on the way that it cannot be read, upon nothing; {@code what} is for the log. */
  List<BlobRef> orNone(String what, Storing storing) throws IOException {
    try {
      return storing.upon(this);
    } catch (UnreadableException | ObjectStoreException.NoSuchObject | ObjectStoreException.InvalidRange e) {
      if (map.isEmpty()) {
        throw e;
      }
      LOG.log(System.Logger.Level.WARNING, what + " is stored in full, because " + e.getMessage());
      return storing.upon(none());
    }
  }
}
