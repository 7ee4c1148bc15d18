package dev.moorage.testkit.simulation;

import dev.moorage.objectstore.ObjectStore;
import dev.moorage.objectstore.ObjectStoreException;
import dev.moorage.repository.history.ReaderSession;
import dev.moorage.repository.history.Seat;
import dev.moorage.repository.history.SnapshotEntry;
import dev.moorage.repository.history.VolumeHistory;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Restores snapshots while others commit, forget and collect. */
final class ReaderActor extends Actor {

  private final Duration silenceMax;
  private int restores;

  ReaderActor(World world, String name, ObjectStore store, int restores, Duration silenceMax, Weakness weakness) {
    super(world, name, WeakConnections.ofReader(store, weakness));
    this.restores = restores;
    this.silenceMax = silenceMax;
  }

  @Override
  void live() throws IOException {
    while (restores > 0 && world.isBusy()) {
      restores--;
      idle(dice.below(20));
      restore();
    }
  }

  private void restore() throws IOException {
    List<VolumeHistory> histories = history().all();
    List<Seat> seats = histories.stream().flatMap(each -> each.remembered().stream()).toList();
    if (seats.isEmpty()) {
      return;
    }
    Seat seat = dice.of(seats);
    ReaderSession session = retried(() -> sessions().openReader(name, "restore"));
    Instant began = world.now();
    Optional<SnapshotEntry> snapshot = session.snapshot(seat);
    if (snapshot.isPresent()) {
      idle(dice.below(60));
      restore(snapshot.get(), began);
    }
    session.end();
  }

  private void restore(SnapshotEntry snapshot, Instant began) throws IOException {
    try {
      int[] content = BlockMap.restore(connection(), snapshot);
      if (!Arrays.equals(content, world.oracle().content(snapshot.seat().key().value()))) {
        throw new Violation(snapshot.seat() + " restored to something else");
      }
      world.happened(Coverage.Event.RESTORED);
    } catch (ObjectStoreException.NoSuchObject e) {
      // A reader that was silent for so long is dropped, and knows it.
      if (world.now().isBefore(began.plus(silenceMax))) {
        throw new Violation(snapshot.seat() + " could not be restored, although it was opened before it was forgotten: "
            + e.getMessage());
      }
    }
  }
}
