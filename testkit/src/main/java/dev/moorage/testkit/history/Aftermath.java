package dev.moorage.testkit.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.moorage.pool.PoolLayout;
import dev.moorage.storage.Storage;
import dev.moorage.testkit.KernelState;
import dev.moorage.testkit.history.Operation.Verb;
import dev.moorage.volume.VolumeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What must hold after a run was ended anywhere: all that was acknowledged is there, an operation in flight happened or did not, nothing is
 * left over.
 */
public final class Aftermath {

  private final Path root;
  private final Path run;
  private final List<Model> allowed = new ArrayList<>();
  private final boolean trashInDoubt;
  private final String story;

  private Aftermath(Path root, Path run, Model before, List<Operation> history, int doneAtLeast, int begunAtMost, String output) {
    this.root = root;
    this.run = run;
    Model model = before.copy();
    history.subList(0, doneAtLeast).forEach(model::apply);
    allowed.add(model);
    List<Operation> inDoubt = history.subList(doneAtLeast, begunAtMost);
    for (Operation operation : inDoubt) {
      for (Operation part : operation.parts()) {
        Model half = model.copy();
        half.apply(part);
        allowed.add(half);
      }
      model = model.copy();
      model.apply(operation);
      allowed.add(model);
    }
    this.trashInDoubt = inDoubt.stream().anyMatch(operation -> operation.verb() == Verb.EMPTY_TRASH);
    this.story = "after " + doneAtLeast + " operations, in doubt " + inDoubt + "; output of the run:\n" + output;
  }

  /**
   * Opens the storage as the next start does, compares it with the models, lets everything go, and looks for leftovers.
   *
   * @param before the state before the history
   * @param doneAtLeast operations that were acknowledged
   * @param begunAtMost operations that can have begun
   * @return the state that was found, to go on from
   */
  public static Model check(
      Path root, Path run, Model before, List<Operation> history, int doneAtLeast, int begunAtMost, String output)
      throws VolumeException, IOException {
    Aftermath aftermath = new Aftermath(root, run, before, history, doneAtLeast, begunAtMost, output);
    Model found = aftermath.open();
    aftermath.demandNoLeftovers();
    return found;
  }

  private Model open() throws VolumeException, IOException {
    try (Storage storage = Performance.open(root, run)) {
      new Performer(storage).endPods();
      Model found = match(storage).copy();
      new Performer(storage).letGo(found);
      found.mounted.clear();
      found.views.clear();
      if (trashInDoubt) {
        storage.pools().emptyTrash(Performer.CALLER, Optional.empty());
        found.trashedVolumes.clear();
        found.trashedSnapshots.clear();
      }
      return found;
    }
  }

  private Model match(Storage storage) throws VolumeException, IOException {
    Observer observer = new Observer(storage);
    String picture = observer.picture();
    String trash = observer.trashPicture();
    for (Model model : allowed) {
      if (picture.equals(model.picture()) && (trashInDoubt || trash.equals(model.trashPicture()))) {
        return model;
      }
    }
    StringBuilder message = new StringBuilder("the storage holds\n").append(picture).append("\ntrash:\n").append(trash);
    allowed.forEach(model ->
        message.append("\n--- and not\n").append(model.picture()).append("\ntrash:\n").append(model.trashPicture()));
    throw new AssertionError(message + "\n--- " + story);
  }

  private void demandNoLeftovers() throws IOException {
    assertThat(KernelState.mountsUnder(run)).as("mounts under the run directory").isEmpty();
    PoolLayout layout = new PoolLayout(root);
    if (Files.exists(layout.tmp())) {
      for (Path directory : List.of(layout.tmp(), layout.views())) {
        try (Stream<Path> entries = Files.list(directory)) {
          assertThat(entries).as("leftovers in " + directory).isEmpty();
        }
      }
    }
    assertThat(KernelState.loopsUnder(root.resolve("volumes"))).as("loop devices").isEmpty();
  }
}
