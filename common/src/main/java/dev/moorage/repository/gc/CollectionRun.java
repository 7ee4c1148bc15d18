package dev.moorage.repository.gc;

import dev.moorage.objectstore.ObjectKey;
import dev.moorage.objectstore.ObjectStoreException;
import dev.moorage.record.Fields;
import dev.moorage.repository.Hex128;
import dev.moorage.repository.SessionId;
import dev.moorage.repository.gc.CollectionReport.Tally;
import dev.moorage.repository.history.PackKeys;
import dev.moorage.repository.history.PackSet;
import dev.moorage.repository.history.SessionState;
import dev.moorage.repository.history.Tombstone;
import dev.moorage.repository.history.TombstoneState;
import dev.moorage.repository.history.VolumeHistory;
import dev.moorage.repository.pack.PackName;
import dev.moorage.repository.seal.ObjectKind;
import dev.moorage.volume.VolumeId;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One collection, from its beginning to its end. The order of its steps is what makes it safe; see docs/repository-protocol.md. */
final class CollectionRun {

  static final String PREFIX = "collections/";

  private static final int FORMAT = 1;
  private static final int NOTES_MAX = 3;

  /** A tombstone of so many packs takes 8 MiB; more go into further ones. */
  private static final int TOMBSTONE_PACKS_MAX = 500_000;

  private final Hex128 id;
  private final Collector.Parts parts;
  private final CollectionSettings settings;
  private final CollectionProgress progress;
  private final SecureRandom random;
  private final Marking marking;
  private final Sweep sweep;

  private final PackSet listed = new PackSet();
  private final PackSet rescued = new PackSet();
  private int pending;
  private int recordsLeft;

  CollectionRun(
      Hex128 id, Collector.Parts parts, CollectionSettings settings, CollectionProgress progress, SecureRandom random) {
    this.id = id;
    this.parts = parts;
    this.settings = settings;
    this.progress = progress;
    this.random = random;
    this.marking = new Marking(parts.history(), parts.references(), settings.lanes(), progress);
    this.sweep = new Sweep(parts.store(), settings.lanes(), progress);
  }

  CollectionReport run() throws IOException {
    Instant now = begin();
    SessionWatch watch = new SessionWatch(parts.sessions(), parts.history(), id, now.minus(settings.silenceMax()));
    // Older tombstones first, so that each of their packs that the list of packs does not show is gone.
    List<TombstoneState> older = parts.tombstones().list();
    // 1 packs, 2 sessions, 3 snapshots, in this order: whoever uploaded a listed pack is either found open in the list of
    // sessions, or was over before it, and then what it committed is in the list of snapshots.
    listPacks();
    List<SessionState> states = parts.sessions().list();
    Set<SessionId> open = open(states, watch);
    List<VolumeHistory> histories = histories();
    PackSet doomedBefore = finishOlder(older, now, watch);
    PackSet referenced = marking.remembered(histories);
    List<Tombstone> own = doom(referenced, open, doomedBefore, frontier(histories));
    Tally doomed = Tally.NONE;
    for (Tombstone tombstone : own) {
      parts.tombstones().publish(tombstone);
      doomed = doomed.plus(new Tally(tombstone.packs().size(), tombstone.packs().bytes()));
    }
    for (Tombstone tombstone : own) {
      finish(tombstone, watch);
    }
    for (SessionId over : watch.over()) {
      remove(() -> parts.sessions().remove(over));
    }
    end(now);
    return report(watch, doomed);
  }

  /** Leaves a note that a collection is under way, and learns from it what time it is by the clock of the store. */
  private Instant begin() throws IOException {
    byte[] note = Fields.ofFormat(FORMAT).text("host", settings.host()).instant("started", parts.clock().instant()).toBytes();
    for (int i = 0; i < NOTES_MAX; i++) {
      try {
        parts.objects().create(ObjectKind.COLLECTION, key(id), note);
      } catch (ObjectStoreException.Denied e) {
        throw new ObjectStoreException.Denied("begin a collection", "nothing can be written here: " + e.reason(),
            "On a disk, mount it writable; else run it with the maintenance credential, for that of a node may not; docs/object-stores.md says"
                + " what it must allow", e);
      }
      Optional<Instant> now = parts.objects().lastModified(key(id));
      if (now.isPresent()) {
        return now.get();
      }
      // This host slept for days in between, and another collection took the note for one that was left behind.
    }
    throw new IOException("cannot begin a collection: its note " + key(id) + " is gone as soon as it is written");
  }

  /** Takes away the note, and those of collections that were killed long ago. */
  private void end(Instant now) throws IOException {
    List<ObjectKey> old = new ArrayList<>();
    parts.objects().list(PREFIX, entry -> {
      if (entry.key().equals(key(id)) || entry.lastModified().isBefore(now.minus(settings.silenceMax()))) {
        old.add(entry.key());
      }
    });
    for (ObjectKey key : old) {
      remove(() -> parts.objects().delete(key));
    }
  }

  private interface Removal {
    void run() throws IOException;
  }

  /** Removes a record that is needed no more. One that is locked stays for a later collection; it does no harm. */
  private void remove(Removal removal) throws IOException {
    try {
      removal.run();
    } catch (ObjectStoreException.Denied _) {
      recordsLeft++;
    }
  }

  private static ObjectKey key(Hex128 id) {
    return new ObjectKey(PREFIX + id);
  }

  private void listPacks() throws IOException {
    parts.objects().list(PackName.PREFIX, entry -> {
      PackKeys.parse(entry.key()).ifPresent(pack -> listed.add(pack, entry.size()));
      progress.at(CollectionProgress.Stage.LISTING, listed.size(), 0);
    });
  }

  private static Set<SessionId> open(List<SessionState> states, SessionWatch watch) throws IOException {
    Set<SessionId> open = new HashSet<>();
    for (SessionState state : states) {
      if (!watch.isOver(state)) {
        open.add(state.id());
      }
    }
    return open;
  }

  private List<VolumeHistory> histories() throws IOException {
    List<VolumeHistory> histories = parts.history().all();
    for (VolumeHistory each : histories) {
      each.whole();
    }
    return histories;
  }

  private static Map<VolumeId, Long> frontier(List<VolumeHistory> histories) {
    Map<VolumeId, Long> frontier = new HashMap<>();
    histories.forEach(each -> frontier.put(each.volume(), each.last()));
    return frontier;
  }

  /** 4: doomed is what was listed, is not referred to and is not of an open session. */
  private List<Tombstone> doom(PackSet referenced, Set<SessionId> open, PackSet doomedBefore, Map<VolumeId, Long> frontier) {
    List<Tombstone> tombstones = new ArrayList<>();
    listed.forEach(pack -> {
      if (referenced.contains(pack) || open.contains(pack.session()) || doomedBefore.contains(pack)) {
        return;
      }
      if (tombstones.isEmpty() || tombstones.getLast().packs().size() == TOMBSTONE_PACKS_MAX) {
        tombstones.add(new Tombstone(Hex128.random(random), frontier, new PackSet()));
      }
      tombstones.getLast().packs().add(pack, listed.bytes(pack));
    });
    return tombstones;
  }

  /** Goes on with the tombstones of earlier collections, and returns all packs that they doom. */
  private PackSet finishOlder(List<TombstoneState> older, Instant now, SessionWatch watch) throws IOException {
    PackSet doomed = new PackSet();
    for (TombstoneState state : older) {
      // A list that was made while the tombstone was published may show its companions alone, so it is looked for again.
      Tombstone tombstone = parts.tombstones().read(state.id()).orElse(null);
      Instant published = state.published().orElse(now);
      if (tombstone == null || (state.swept() && published.isBefore(now.minus(settings.grace())))) {
        remove(() -> parts.tombstones().retire(state.id()));
      } else {
        doomed.addAll(tombstone.packs());
        if (!state.swept()) {
          finish(tombstone, watch);
        }
      }
    }
    return doomed;
  }

  /** 6 to 8: waits for those who may refer to the packs, looks again, and deletes what nobody came to refer to. */
  private void finish(Tombstone tombstone, SessionWatch watch) throws IOException {
    if (!isFree(tombstone, watch)) {
      pending++;
      return;
    }
    PackSet needed = marking.beyond(tombstone.frontier(), histories());
    List<PackName> free = new ArrayList<>();
    tombstone.packs().forEach(pack -> {
      if (needed.contains(pack)) {
        rescued.add(pack, listed.bytes(pack));
      } else {
        free.add(pack);
      }
    });
    // What is locked stays doomed, and the next collection tries again.
    if (sweep.delete(free, listed)) {
      parts.tombstones().markSwept(tombstone.id());
    }
  }

  /** Whether all sessions are over that began before the tombstone could be seen. */
  private boolean isFree(Tombstone tombstone, SessionWatch watch) throws IOException {
    List<SessionState> states = parts.sessions().list();
    List<SessionId> awaited = parts.tombstones().awaited(tombstone.id()).orElse(null);
    if (awaited == null) {
      awaited = parts.tombstones().await(tombstone.id(), states.stream().map(SessionState::id).toList());
    }
    Set<SessionId> unfinished = new HashSet<>(awaited);
    boolean free = true;
    for (SessionState state : states) {
      if (unfinished.contains(state.id())) {
        free &= watch.isOver(state);
      }
    }
    return free;
  }

  private CollectionReport report(SessionWatch watch, Tally doomed) {
    Tally all = new Tally(listed.size(), listed.bytes());
    Tally gone = tally(sweep.deleted());
    return new CollectionReport(id, all, new Tally(all.packs() - gone.packs(), all.bytes() - gone.bytes()), doomed, tally(rescued), gone,
        tally(sweep.locked()), recordsLeft, watch.waiting(), watch.fenced(), pending);
  }

  private static Tally tally(PackSet packs) {
    return new Tally(packs.size(), packs.bytes());
  }
}
