package dev.moorage.repository;

import dev.moorage.objectstore.ObjectStoreException;
import dev.moorage.repository.history.SnapshotEntry;
import dev.moorage.repository.history.WriterSession;
import dev.moorage.repository.map.Root;
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
 * @param packs in which content is looked for wherever it was; they can be walked through any number of times
 */
record Foundation(Optional<Root> map, Supplier<PackNames> packs) {

  private static final System.Logger LOG = System.getLogger(Foundation.class.getName());

  /** Reading all footers of the parent pays when this share of what they tell of is read. */
  private static final int SEARCH_SHARE = 8;

  static Foundation none() {
    return new Foundation(Optional.empty(), () -> PackNames.of(List.of()));
  }

  /** The parent's blocks are taken by their places; by their contents as well when so much is read that something large may have moved. */
  static Foundation ofParent(Root map, long bytesToRead) {
    long told = Math.min((long) map.packCount() * PackWriter.TARGET_BYTES, map.volumeBytes());
    boolean searches = bytesToRead > 0 && told / SEARCH_SHARE <= bytesToRead;
    return new Foundation(Optional.of(map), searches ? () -> PackFooters.of(map) : none().packs);
  }

  /** For a volume whose own history has no snapshot. A relative that cannot be read is passed over. */
  static Foundation ofRelatives(Repository repository, WriterSession session, Upload.Sharing sharing)
      throws IOException {
    if (sharing.scope() == DedupScope.NONE) {
      return none();
    }
    Optional<Root> map = relative(repository, session, sharing.relatives());
    return new Foundation(map, switch (sharing.scope()) {
      case REPOSITORY -> session::stored;
      case LINEAGE, NONE -> () -> map.isPresent() ? PackFooters.of(map.get()) : PackNames.of(List.of());
    });
  }

  private static Optional<Root> relative(Repository repository, WriterSession session, List<Upload.Relative> relatives) throws IOException {
    for (Upload.Relative each : relatives) {
      Optional<SnapshotEntry> snapshot = session.relative(each.volume(), each.seq());
      try {
        if (snapshot.isPresent()) {
          return Optional.of(repository.root(snapshot.get()));
        }
      } catch (UnreadableException | ObjectStoreException.NoSuchObject | ObjectStoreException.InvalidRange e) {
        LOG.log(System.Logger.Level.WARNING, session + " does not build upon " + snapshot.get().label() + ": " + e.getMessage());
      }
    }
    return Optional.empty();
  }
}
