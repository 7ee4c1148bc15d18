package dev.moorage.testkit.simulation;

import dev.moorage.objectstore.ObjectStore;
import dev.moorage.repository.history.Seat;
import java.io.IOException;
import java.util.Objects;

/** The owner of a session comes back at the very end. */
final class Aftermath extends Actor {

  Aftermath(World world, ObjectStore store) {
    super(world, "afterwards", store);
  }

  void settle(Disk disk) throws IOException {
    Seat seat = Objects.requireNonNull(disk.seat);
    sessions().settle(Objects.requireNonNull(disk.session), seat);
  }

  @Override
  void live() {
    // It only settles.
  }
}
