package dev.moorage.testkit.simulation;

import dev.moorage.repository.SessionId;
import dev.moorage.repository.history.Seat;
import dev.moorage.repository.pack.PackName;
import dev.moorage.volume.SnapshotId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a pool keeps on its disk about one volume: it outlives the process, and may be copied together with its machine. */
final class Disk {

  /** The volume itself. */
  int[] live;

  /** The local snapshot that is to be uploaded. */
  int @Nullable [] cut;

  @Nullable SnapshotId snapshot;

  /** The newest seat that this pool took itself. */
  long known;

  /** The session that may still commit. */
  @Nullable SessionId session;

  @Nullable Seat seat;

  /** Sealed packs, by name; sent again as they are. The texts stand for the bytes. */
  final Map<PackName, int[]> spool = new LinkedHashMap<>();

  /** Packs that the store acknowledged, with their texts; and those of earlier sessions. */
  final Map<PackName, int[]> stored = new LinkedHashMap<>();

  /** Sessions that came to nothing, whose packs may be of use. */
  final List<SessionId> earlier = new ArrayList<>();

  Disk(int[] live) {
    this.live = live;
  }

  /** The disk of a machine that was cloned. */
  Disk copy() {
    Disk copy = new Disk(live.clone());
    copy.cut = cut;
    copy.snapshot = snapshot;
    copy.known = known;
    copy.session = session;
    copy.seat = seat;
    copy.spool.putAll(spool);
    copy.stored.putAll(stored);
    copy.earlier.addAll(earlier);
    return copy;
  }

  /** The upload is over, one way or the other. */
  void finished() {
    cut = null;
    snapshot = null;
    abandoned();
    stored.clear();
    earlier.clear();
  }

  /** The session is over; the snapshot still waits. */
  void abandoned() {
    if (session != null) {
      earlier.add(session);
    }
    session = null;
    seat = null;
    spool.clear();
  }
}
