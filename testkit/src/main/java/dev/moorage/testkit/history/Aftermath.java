package dev.moorage.testkit.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.pool.PoolLayout;
import dev.moorage.storage.Storage;
import dev.moorage.testkit.KernelState;
import dev.moorage.testkit.history.KilledRun.Outcome;
import dev.moorage.testkit.history.Operation.Verb;
import dev.moorage.volume.VolumeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What must hold after a run was killed: all that was acknowledged is there, the operation in flight happened or did not, nothing is left over. */
public final class Aftermath {

  private Aftermath() {}

  /**
   * Opens the storage as the next start does, compares it with the model, lets everything go, and looks for leftovers.
   *
   * @param before the state before the history
   * @return the state that was found, to go on from
   */
  public static Model check(Path root, Path run, Model before, List<Operation> history, Outcome outcome)
      throws VolumeException, IOException {
    Model acknowledged = before.copy();
    history.subList(0, outcome.done()).forEach(acknowledged::apply);
    Model found;
    try (Storage storage = Performance.open(root, run)) {
      found = match(storage, acknowledged, outcome);
      new Performer(storage).letGo(found);
      if (purging(outcome)) {
        storage.pools().emptyTrash(Performer.CALLER, Optional.empty());
        found = finished(acknowledged, outcome);
      }
      found.mounted.clear();
      found.views.clear();
    }
    demandNoLeftovers(root, run);
    return found;
  }

  private static Model match(Storage storage, Model acknowledged, Outcome outcome) throws VolumeException, IOException {
    Observer observer = new Observer(storage);
    String picture = observer.picture();
    String trash = observer.trashPicture();
    Model finished = finished(acknowledged, outcome);
    if (picture.equals(acknowledged.picture()) && trash.equals(acknowledged.trashPicture())) {
      return acknowledged;
    }
    if (picture.equals(finished.picture()) && (purging(outcome) || trash.equals(finished.trashPicture()))) {
      return finished;
    }
    throw new AssertionError("after " + outcome.done() + " operations, with " + outcome.inFlight() + " in flight, the storage holds\n"
        + picture + "\ntrash:\n" + trash + "\nwhich is neither\n" + acknowledged.picture() + "\ntrash:\n" + acknowledged.trashPicture()
        + "\nnor\n" + finished.picture() + "\ntrash:\n" + finished.trashPicture() + "\noutput of the run:\n" + outcome.output());
  }

  private static Model finished(Model acknowledged, Outcome outcome) {
    Model finished = acknowledged.copy();
    outcome.inFlight().ifPresent(finished::apply);
    return finished;
  }

  /** Whether the trash was being emptied: it may then be empty by any part. */
  private static boolean purging(Outcome outcome) {
    return outcome.inFlight().filter(operation -> operation.verb() == Verb.EMPTY_TRASH).isPresent();
  }

  private static void demandNoLeftovers(Path root, Path run) throws IOException {
    assertThat(KernelState.mountsUnder(run)).as("mounts under the run directory").isEmpty();
    PoolLayout layout = new PoolLayout(root);
    if (Files.exists(layout.tmp())) {
      for (Path directory : List.of(layout.tmp(), layout.views())) {
        try (Stream<Path> entries = Files.list(directory)) {
          assertThat(entries).as("leftovers in " + directory).isEmpty();
        }
      }
      assertThat(KernelState.loopsUnder(root)).as("loop devices").isEmpty();
    }
  }
}
