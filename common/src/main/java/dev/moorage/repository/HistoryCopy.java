package dev.moorage.repository;

import dev.moorage.objectstore.ObjectStoreException;
import dev.moorage.repository.backup.Backup;
import dev.moorage.repository.backup.BackupStats;
import dev.moorage.repository.backup.ReusablePacks;
import dev.moorage.repository.copy.MapChanges;
import dev.moorage.repository.copy.StoredImage;
import dev.moorage.repository.history.CommitOutcome;
import dev.moorage.repository.history.HistoryEntry;
import dev.moorage.repository.history.Opening;
import dev.moorage.repository.history.Seat;
import dev.moorage.repository.history.SessionState;
import dev.moorage.repository.history.SnapshotEntry;
import dev.moorage.repository.history.VoidEntry;
import dev.moorage.repository.history.WriterRequest;
import dev.moorage.repository.history.WriterSession;
import dev.moorage.repository.map.Root;
import dev.moorage.repository.map.RootCodec;
import dev.moorage.repository.pack.BlobRef;
import dev.moorage.repository.pack.StoredBlobs;
import dev.moorage.snapshot.Ranges;
import dev.moorage.volume.DedupScope;
import dev.moorage.volume.VolumeId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Copies committed snapshots of one volume into another repository, with other keys, another store, perhaps another block size.
 *
 * <p><b>The history of copies.</b> A copy has the volume, the id, the origin and the moment of the original, at a seat of the target's own.
 * Its spec says from which repository and seat it comes. The writer of such a history is whoever copies from that repository, on any host:
 * what is already there is found by its id, in the store, so nothing must be remembered. A history in the target that a pool writes
 * itself, or that was taken over, is left alone. Copies keep the order of the originals, so that the newest seat is the newest snapshot.
 *
 * <p><b>Cost.</b> What an earlier copy has is compared by the maps of the originals: leaves and blocks that did not change are neither
 * read nor sent. Memory is that of a backup, whatever the size.
 *
 * <p><b>Interruption.</b> It may be killed anywhere and begun again, by anybody: packs that are in the target already, of a copy that was not
 * finished, are found there and used. An entry that is committed is whole.
 *
 * <p>For one thread.
 */
public final class HistoryCopy {

  /** In the spec of a copy: the id of the repository that it comes from. */
  public static final String COPIED_FROM = "copiedFrom";

  /** In the spec of a copy: the number of the original's seat. */
  public static final String COPIED_SEQ = "copiedSeq";

  /** Others may copy the same volume at the same time; each time one of us wins. */
  private static final int ATTEMPTS_MAX = 32;

  private static final int BASES_MAX = 8;

  private final Repository from;
  private final Repository to;
  private final VolumeId volume;
  private final String host;
  private final Path spool;

  /** What the target has of the volume, forgotten or not, ascending; null while it was not looked at. */
  private @Nullable List<SnapshotEntry> copies;
  private Optional<HistoryEntry> newest = Optional.empty();

  /** Sessions of this run. */
  private final Set<SessionId> own = new HashSet<>();

  HistoryCopy(Repository from, Repository to, VolumeId volume, String host, Path spool) {
    this.from = from;
    this.to = to;
    this.volume = volume;
    this.host = host;
    this.spool = spool;
  }

  /** How the copy of one snapshot ended. */
  public sealed interface Outcome {

    /** It is committed. */
    record Copied(SnapshotEntry copy) implements Outcome {}

    /** The target has it already, or had it and was told to forget it. */
    record Present(SnapshotEntry copy) implements Outcome {}

    /** The target has a copy of a newer one, and the order is kept. */
    record TooOld(SnapshotEntry newest) implements Outcome {}

    /** The target's history of this volume is not one of copies from here. {@code who} tells people. */
    record AnotherWriter(String who) implements Outcome {}
  }

  /** An earlier snapshot that both have: its map there, and here. */
  private record Common(Root original, SnapshotEntry copy) {}

  /**
   * Copies one snapshot; the older ones that are wanted must be copied before it. {@code progress} is told how many bytes of it were
   * read.
   *
   * @throws ObjectStoreException.NoSuchObject when it is forgotten
   */
  public Outcome copy(SnapshotEntry original, BackupStats stats, LongConsumer progress) throws IOException {
    to.demandNewestKeys();
    for (int i = 0; i < ATTEMPTS_MAX; i++) {
      Optional<Outcome> without = needless(original);
      if (without.isPresent()) {
        return without.get();
      }
      long known = newest.map(entry -> entry.seat().seq()).orElse(0L);
      Opening opening = to.sessions().openWriter(new WriterRequest(volume, host, original.snapshot(), known));
      Optional<Outcome> outcome = opening instanceof Opening.Opened(WriterSession session)
          ? attempt(original, session, stats, progress) : Optional.empty();
      if (outcome.isPresent()) {
        return outcome.get();
      }
      // Somebody took the seat: perhaps with this very copy.
      copies = null;
    }
    throw new IOException("cannot copy " + original.label() + ": each seat of its history was taken by somebody else");
  }

  /** The outcome when there is nothing to be done, or nothing may be. */
  private Optional<Outcome> needless(SnapshotEntry original) throws IOException {
    List<SnapshotEntry> there = look();
    Optional<SnapshotEntry> same = there.stream().filter(each -> each.snapshot().equals(original.snapshot())).findFirst();
    if (same.isPresent()) {
      return Optional.of(new Outcome.Present(same.get()));
    }
    if (newest.isPresent() && !isCopy(newest.get())) {
      return Optional.of(new Outcome.AnotherWriter(Uploader.describe(newest.get())));
    }
    return there.isEmpty() || originalSeq(there.getLast()) < original.seat().seq() ? Optional.empty()
        : Optional.of(new Outcome.TooOld(there.getLast()));
  }

  private List<SnapshotEntry> look() throws IOException {
    if (copies != null) {
      return copies;
    }
    List<SnapshotEntry> found = new ArrayList<>();
    newest = Optional.empty();
    for (Seat seat : to.history().of(volume).whole().taken(0).reversed()) {
      HistoryEntry entry = to.history().entry(seat);
      if (!(entry instanceof VoidEntry)) {
        newest = Optional.of(entry);
      }
      if (entry instanceof SnapshotEntry snapshot) {
        found.add(snapshot);
      }
    }
    copies = found;
    return found;
  }

  private boolean isCopy(HistoryEntry entry) {
    return entry instanceof SnapshotEntry copy && from.header().id().toString().equals(copy.spec().get(COPIED_FROM))
        && copy.spec().containsKey(COPIED_SEQ);
  }

  /** The seat of the original; 0 of what is no copy from here. */
  private long originalSeq(SnapshotEntry copy) {
    return isCopy(copy) ? Long.parseLong(copy.spec().getOrDefault(COPIED_SEQ, "0")) : 0;
  }

  /** Stores and commits; empty when somebody else took the seat. */
  private Optional<Outcome> attempt(SnapshotEntry original, WriterSession session, BackupStats stats, LongConsumer progress)
      throws IOException {
    boolean ended = false;
    try (Reading reader = Reading.begin(from, host, "copy of " + original.seat());
        Heartbeat _ = new Heartbeat(session.toString(), session::heartbeat)) {
      reader.snapshot("copy " + original.label(), original.seat());
      Optional<Common> common = common(original, session, reader);
      Optional<SnapshotEntry> parent = common.isPresent() ? common.map(Common::copy) : session.parent();
      List<BlobRef> root = parent.isPresent()
          ? store(original, session, common, Foundation.ofParent(to.root(parent.get()), parent.get(), 0), stats, progress)
          : storeFirst(original, session, stats, progress);
      Optional<Outcome> outcome = commit(entry(original, session, parent, root, stats), session);
      ended = true;
      return outcome;
    } finally {
      if (!ended) {
        close(session);
      }
    }
  }

  /** The newest snapshot that both have and may be built upon: what did not change since it is not even read. */
  private Optional<Common> common(SnapshotEntry original, WriterSession session, Reading reader) throws IOException {
    int tries = 0;
    for (SnapshotEntry copy : look().reversed()) {
      long seq = originalSeq(copy);
      if (seq == 0 || copy.size() > original.size() || tries++ == BASES_MAX) {
        continue;
      }
      Optional<SnapshotEntry> there = session.parent(copy.seat().seq());
      Optional<SnapshotEntry> here = there.isEmpty() ? Optional.empty() : reader.find(new Seat(volume, seq));
      if (here.isPresent()) {
        return Optional.of(new Common(from.root(here.get()), there.orElseThrow()));
      }
    }
    return Optional.empty();
  }

  /** The target has nothing of the volume: what it has of the one that this descends from is not stored again, if it can be read. */
  private List<BlobRef> storeFirst(SnapshotEntry original, WriterSession session, BackupStats stats, LongConsumer progress)
      throws IOException {
    VolumeId lineage = original.origin().lineage();
    List<Upload.Relative> relatives = lineage.equals(volume) ? List.of() : List.of(new Upload.Relative(lineage, 0));
    return Foundation.ofRelatives(to, session, new Upload.Sharing(relatives, DedupScope.LINEAGE, 0))
        .orNone("the copy of " + original.label(), foundation -> store(original, session, Optional.empty(), foundation, stats, progress));
  }

  private List<BlobRef> store(SnapshotEntry original, WriterSession session, Optional<Common> common, Foundation foundation,
      BackupStats stats, LongConsumer progress) throws IOException {
    Root map = from.root(original);
    Root before = common.map(Common::original).orElse(null);
    emptySpool();
    own.add(session.id());
    try (StoredImage image = new StoredImage(from.store(), from.ring(), map, original.label(), progress);
        Ranges changes = new MapChanges(from.store(), from.ring(), map, before);
        ReusablePacks reusable = PackFooters.of(to, session, unfinished(session), foundation)) {
      Backup.Request request = new Backup.Request(image, changes, to.header().blockBytes(), foundation.map().orElse(null),
          foundation.parts(), common.isPresent(), null, session.id(), reusable, spool);
      List<BlobRef> root = new Backup(to.store(), to.ring(), request, stats).run();
      demandSame(original, map, root);
      return root;
    }
  }

  /** Reads the new map back: it has the leaves of the original's, of which each block was authenticated on its way. */
  private void demandSame(SnapshotEntry original, Root map, List<BlobRef> parts) throws IOException {
    Root copy;
    try (StoredBlobs blobs = new StoredBlobs(to.store(), to.ring())) {
      copy = RootCodec.read("the map of the copy of " + original.label(), parts, blobs::read);
    }
    boolean same = copy.volumeBytes() == map.volumeBytes();
    if (copy.blockBytes() == map.blockBytes()) {
      same &= copy.leafCount() == map.leafCount();
      for (int position = 0; same && position < map.leafCount(); position++) {
        same = copy.leafIndex(position) == map.leafIndex(position);
      }
    }
    if (!same) {
      throw new IllegalStateException("BUG: the copy of " + original.label() + " has another map than the original");
    }
  }

  private SnapshotEntry entry(SnapshotEntry original, WriterSession session, Optional<SnapshotEntry> parent, List<BlobRef> root,
      BackupStats stats) {
    Map<String, String> spec = new HashMap<>(original.spec());
    spec.put(COPIED_FROM, from.header().id().toString());
    spec.put(COPIED_SEQ, Long.toString(original.seat().seq()));
    return new SnapshotEntry(session.seat(), session.id(), original.snapshot(), original.origin(), original.cutAt(), original.size(),
        to.header().blockBytes(), spec, root, parent.map(each -> OptionalLong.of(each.seat().seq())).orElse(OptionalLong.empty()),
        stats.figures());
  }

  private Optional<Outcome> commit(SnapshotEntry entry, WriterSession session) throws IOException {
    CommitOutcome outcome = session.commit(entry);
    session.end();
    return switch (outcome) {
      case CommitOutcome.Committed(SnapshotEntry committed) -> {
        look().add(committed);
        newest = Optional.of(committed);
        yield Optional.of(new Outcome.Copied(committed));
      }
      case CommitOutcome.Fenced _, CommitOutcome.AnotherWriter _ -> Optional.empty();
    };
  }

  /** Copies of this volume that were not finished: their sessions are in the store, and not marked as ended. */
  private List<SessionId> unfinished(WriterSession session) throws IOException {
    List<SessionId> unfinished = new ArrayList<>();
    for (SessionState state : to.sessions().list()) {
      if (!state.id().equals(session.id()) && (own.contains(state.id()) || (!state.ended() && isOfVolume(state)))) {
        unfinished.add(state.id());
      }
    }
    return unfinished;
  }

  private boolean isOfVolume(SessionState state) throws IOException {
    return to.sessions().read(state.id()).flatMap(record -> record.seat()).filter(seat -> seat.volume().equals(volume)).isPresent();
  }

  /**
   * A copy that failed leaves its seat closed, so that no collection waits for it, and its session unmarked, so that the next copy finds
   * what it stored. When the store does not even take that, the next copy takes the seat.
   */
  private void close(WriterSession session) {
    try {
      to.history().close(new VoidEntry(session.seat(), session.id(), Optional.empty()));
    } catch (IOException e) {
      System.getLogger(HistoryCopy.class.getName()).log(System.Logger.Level.DEBUG, session + " is left open", e);
    }
  }

  /** What a failure left: packs that were never stored, or are found in the store. */
  private void emptySpool() throws IOException {
    Files.createDirectories(spool);
    try (Stream<Path> left = Files.list(spool)) {
      for (Path file : left.toList()) {
        Files.delete(file);
      }
    }
  }
}
