package dev.moorage.repository;

import dev.moorage.objectstore.ObjectStoreException;
import dev.moorage.repository.Upload.Attempt;
import dev.moorage.repository.Upload.Outcome;
import dev.moorage.repository.backup.Backup;
import dev.moorage.repository.backup.BackupStats;
import dev.moorage.repository.backup.ChangedMapException;
import dev.moorage.repository.backup.ImageSource;
import dev.moorage.repository.backup.ReusablePacks;
import dev.moorage.repository.history.CommitOutcome;
import dev.moorage.repository.history.HistoryEntry;
import dev.moorage.repository.history.Opening;
import dev.moorage.repository.history.SnapshotEntry;
import dev.moorage.repository.history.TakeoverEntry;
import dev.moorage.repository.history.VoidEntry;
import dev.moorage.repository.history.WriterRequest;
import dev.moorage.repository.history.WriterSession;
import dev.moorage.repository.map.Root;
import dev.moorage.repository.pack.BlobRef;
import dev.moorage.repository.pack.CipherRehearsal;
import dev.moorage.snapshot.ImageMaps;
import dev.moorage.snapshot.Ranges;
import dev.moorage.volume.DedupScope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * One upload: opens a session or continues one, finds what may be built upon, stores, commits. Fenced by a collection, it begins a new
 * session and uses what it uploaded already.
 */
final class Uploader {

  private static final System.Logger LOG = System.getLogger(Uploader.class.getName());

  private final Repository repository;
  private final Upload upload;
  private final Upload.Attempts attempts;
  private final BackupStats stats;
  private final ImageMaps maps;
  private final List<SessionId> sessions = new ArrayList<>();

  /** What is read of the image. */
  private enum Reading {
    /** What changed since the base, by the extent maps. */
    CHANGES,
    /** Everything that it holds. */
    ALL,
    /** Everything, and what the extent maps say is compared with what is found. */
    ALL_COMPARED
  }

  Uploader(Repository repository, Upload upload, Upload.Attempts attempts, BackupStats stats, ImageMaps maps) {
    this.maps = maps;
    this.repository = repository;
    this.upload = upload;
    this.attempts = attempts;
    this.stats = stats;
    upload.earlier().forEach(attempt -> sessions.add(attempt.session()));
  }

  Outcome run() throws IOException {
    long known = upload.known();
    if (upload.sharing().bytesToRead() >= CipherRehearsal.WORTH_BYTES) {
      CipherRehearsal.beforeSealing();
    }
    for (Attempt attempt : upload.earlier()) {
      boolean ours = attempt.equals(upload.earlier().getLast()) && attempt.snapshot().equals(upload.snapshot());
      Opening opening = ours ? repository.sessions().resume(request(known), attempt.session(), attempt.seat())
          : new Opening.Over(repository.sessions().settle(attempt.session(), attempt.seat()));
      switch (opening) {
        case Opening.Opened(WriterSession session) -> {
          Optional<Outcome> outcome = attempt(session);
          if (outcome.isPresent()) {
            return outcome.get();
          }
        }
        case Opening.Over(SnapshotEntry entry)
            when entry.snapshot().equals(upload.snapshot()) && !repository.history().isForgotten(entry.seat()) -> {
          return new Outcome.Committed(entry);
        }
        // Another commit of this pool, whose answer was lost, or which was forgotten since: the seat is known from now on.
        case Opening.Over(SnapshotEntry entry) when entry.session().equals(attempt.session()) ->
            known = Math.max(known, entry.seat().seq());
        case Opening.Over _ -> { }
        case Opening.AnotherWriter(HistoryEntry entry) -> {
          return new Outcome.AnotherWriter(describe(entry));
        }
      }
    }
    return afresh(request(known));
  }

  private WriterRequest request(long known) {
    return new WriterRequest(upload.volume(), upload.origin().host(), upload.snapshot(), known);
  }

  private Outcome afresh(WriterRequest request) throws IOException {
    while (true) {
      switch (repository.sessions().openWriter(request)) {
        case Opening.Opened(WriterSession session) -> {
          attempts.begun(new Attempt(session.id(), session.seat(), upload.snapshot()));
          sessions.add(session.id());
          Optional<Outcome> outcome = attempt(session);
          if (outcome.isPresent()) {
            return outcome.get();
          }
        }
        case Opening.AnotherWriter(HistoryEntry entry) -> {
          return new Outcome.AnotherWriter(describe(entry));
        }
        case Opening.Over(HistoryEntry entry) -> throw new IllegalStateException("BUG: a new session is over: " + entry);
      }
    }
  }

  /** Stores and commits in this session; empty when it was fenced. */
  private Optional<Outcome> attempt(WriterSession session) throws IOException {
    try (Heartbeat _ = new Heartbeat(session.toString(), session::heartbeat)) {
      return storeAndCommit(session);
    } catch (ObjectStoreException.NoSuchObject e) {
      // A session that was silent for days, while the link was away, may have been fenced: then it protects nothing any more.
      Optional<HistoryEntry> fence = session.over();
      if (fence.isEmpty()) {
        throw e;
      }
      LOG.log(System.Logger.Level.INFO, session + " is over, a new one is begun: " + describe(fence.get()));
      session.end();
      return Optional.empty();
    }
  }

  private Optional<Outcome> storeAndCommit(WriterSession session) throws IOException {
    boolean anew = upload.sharing().scope() == DedupScope.NONE;
    Optional<SnapshotEntry> base = anew || upload.base().isEmpty() ? Optional.empty() : session.parent(upload.base().get().seq());
    Optional<SnapshotEntry> parent = anew || base.isPresent() ? base : session.parent();
    List<BlobRef> root = parent.isPresent() ? storeNext(session, parent.get(), base.isPresent()) : storeFirst(session);
    SnapshotEntry entry = new SnapshotEntry(session.seat(), session.id(), upload.snapshot(), upload.origin(), upload.cutAt(),
        Files.size(upload.image()), repository.header().blockBytes(), upload.spec(), root,
        parent.map(each -> OptionalLong.of(each.seat().seq())).orElse(OptionalLong.empty()), stats.figures());
    CommitOutcome outcome = session.commit(entry);
    session.end();
    return switch (outcome) {
      case CommitOutcome.Committed(SnapshotEntry committed) -> Optional.of(new Outcome.Committed(committed));
      case CommitOutcome.AnotherWriter(HistoryEntry other) -> Optional.of(new Outcome.AnotherWriter(describe(other)));
      case CommitOutcome.Fenced _ -> Optional.empty();
    };
  }

  /** Its history has no snapshot: what its relatives have is not stored again, if it can be read. */
  private List<BlobRef> storeFirst(WriterSession session) throws IOException {
    return Foundation.ofRelatives(repository, session, upload.sharing())
        .orNone("snapshot " + upload.snapshot(), foundation -> store(session, foundation, Reading.ALL));
  }

  private List<BlobRef> storeNext(WriterSession session, SnapshotEntry parent, boolean parentIsBase) throws IOException {
    Root map = repository.root(parent);
    boolean comparable = parentIsBase && maps.areComparable(upload.image(), upload.base().orElseThrow().image());
    Reading reading = !comparable ? Reading.ALL : upload.readsAll() ? Reading.ALL_COMPARED : Reading.CHANGES;
    return store(session, Foundation.ofParent(map, parent, reading == Reading.ALL_COMPARED ? 0 : upload.sharing().bytesToRead()), reading);
  }

  private List<BlobRef> store(WriterSession session, Foundation foundation, Reading reading) throws IOException {
    try {
      return storeOnce(session, foundation, reading);
    } catch (ChangedMapException e) {
      LOG.log(System.Logger.Level.WARNING, "snapshot " + upload.snapshot() + ": everything is read, because " + e.getMessage());
      return storeOnce(session, foundation, Reading.ALL);
    }
  }

  private List<BlobRef> storeOnce(WriterSession session, Foundation foundation, Reading reading) throws IOException {
    emptySpool();
    Path image = upload.image();
    try (ImageSource source = ImageSource.open(image, repository.header().blockBytes());
        Ranges ranges = reading == Reading.CHANGES ? changed() : maps.held(image);
        Ranges claimed = reading == Reading.ALL_COMPARED ? changed() : null;
        ReusablePacks reusable = PackFooters.of(repository, session, sessions, foundation)) {
      Backup.Request request = new Backup.Request(source, ranges, repository.header().blockBytes(), foundation.map().orElse(null),
          foundation.parts(), reading == Reading.CHANGES, claimed, session.id(), reusable, upload.spool());
      return new Backup(repository.store(), repository.ring(), request, stats).run();
    }
  }

  private Ranges changed() throws IOException {
    return maps.changed(upload.image(), upload.base().orElseThrow().image());
  }

  /** Packs whose sending a crash ended: they were never stored, or are found in the store. */
  private void emptySpool() throws IOException {
    Files.createDirectories(upload.spool());
    try (Stream<Path> left = Files.list(upload.spool())) {
      for (Path file : left.toList()) {
        Files.delete(file);
      }
    }
  }

  static String describe(HistoryEntry entry) {
    return switch (entry) {
      case SnapshotEntry other -> "pool " + other.origin().pool() + " on host " + other.origin().host() + " committed "
          + other.label() + " at " + other.seat();
      case TakeoverEntry takeover -> "host " + takeover.host() + " took the volume over for pool " + takeover.pool() + " at "
          + takeover.at();
      case VoidEntry fence -> "a collection closed " + fence.seat();
    };
  }
}
