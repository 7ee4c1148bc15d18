package dev.moorage.testkit.simulation;

import dev.moorage.objectstore.ObjectStore;
import dev.moorage.repository.history.Seat;
import java.io.IOException;
import java.util.List;

/** Forgets snapshots. */
final class OperatorActor extends Actor {

  private final int pause;
  private int forgets;

  /** Waits for up to {@code pause} steps of others each time. */
  OperatorActor(World world, String name, ObjectStore store, int forgets, int pause) {
    super(world, name, store);
    this.forgets = forgets;
    this.pause = pause;
  }

  @Override
  void live() throws IOException {
    while (forgets > 0 && world.isBusy()) {
      idle(1 + dice.below(pause));
      List<Seat> seats = history().all().stream().flatMap(each -> each.remembered().stream()).toList();
      if (!seats.isEmpty()) {
        forgets--;
        // Often one that is built upon just now: the newest of a volume comes first.
        Seat seat = dice.chance(0.4) ? seats.getFirst() : dice.of(seats);
        world.trace(name, "forgets " + seat, "");
        history().forget(seat, name);
        world.happened(Coverage.Event.FORGOTTEN);
      }
    }
  }
}
