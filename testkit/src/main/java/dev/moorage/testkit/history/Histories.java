package dev.moorage.testkit.history;

import dev.moorage.testkit.history.Operation.Verb;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.BiPredicate;
import java.util.function.Supplier;

/** Histories to perform: one that walks through every operation, and random ones by seed. */
public final class Histories {

  private Histories() {}

  /** Every verb at least once, snapshots of volumes in use, both filesystems, deletions in both orders. */
  public static List<Operation> everything() {
    return List.of(
        Operation.of(Verb.CREATE, "db", "ext4:32M"),
        Operation.of(Verb.WRITE, "db", "one"),
        Operation.of(Verb.CREATE, "log", "xfs:320M"),
        Operation.of(Verb.WRITE, "log", "first"),
        Operation.of(Verb.CREATE, "files", "tree:16M"),
        Operation.of(Verb.WRITE, "files", "leaf"),
        Operation.of(Verb.CREATE, "raw", "block:16M"),
        Operation.of(Verb.MOUNT, "raw"),
        Operation.of(Verb.UNMOUNT, "raw"),
        Operation.of(Verb.PUBLISH, "raw"),
        Operation.of(Verb.PUBLISH, "db"),
        Operation.of(Verb.MOUNT, "db"),
        Operation.of(Verb.MOUNT, "log"),
        Operation.onSnapshot(Verb.SNAPSHOT, "db", "s1"),
        Operation.onSnapshot(Verb.GROUP, "db", "g1", "log"),
        Operation.of(Verb.GROW, "log", "384M"),
        Operation.of(Verb.WRITE, "db", "two"),
        Operation.of(Verb.CLONE, "db", "copy"),
        Operation.of(Verb.UNMOUNT, "log"),
        Operation.of(Verb.UNMOUNT, "db"),
        Operation.of(Verb.GROW, "db", "96M"),
        Operation.onSnapshot(Verb.FROM, "db", "s1", "old"),
        Operation.onSnapshot(Verb.VIEW, "db", "s1"),
        Operation.onSnapshot(Verb.UNVIEW, "db", "s1"),
        Operation.onSnapshot(Verb.UPLOAD, "db", "s1"),
        Operation.onSnapshot(Verb.UPLOAD, "db", "g1"),
        Operation.onSnapshot(Verb.RESTORE, "db", "s1", "back"),
        Operation.onSnapshot(Verb.LOOK, "db", "s1"),
        Operation.onSnapshot(Verb.TAKE, "db", "s1"),
        Operation.onSnapshot(Verb.ROLLBACK, "log", "g1"),
        Operation.of(Verb.COMPACT, "db"),
        Operation.of(Verb.REMOVE, "copy"),
        Operation.of(Verb.UNDO, "copy"),
        Operation.onSnapshot(Verb.REMOVE_SNAPSHOT, "db", "s1"),
        Operation.onSnapshot(Verb.UNDO_SNAPSHOT, "db", "s1"),
        Operation.onSnapshot(Verb.REMOVE_SNAPSHOT, "db", "s1"),
        Operation.of(Verb.REMOVE, "db"),
        Operation.of(Verb.EMPTY_TRASH, "-"),
        Operation.of(Verb.REMOVE, "files"),
        Operation.of(Verb.REMOVE, "raw"),
        Operation.of(Verb.EMPTY_TRASH, "-"),
        Operation.of(Verb.ADD_POOL, "-"),
        Operation.of(Verb.WRITE, "old", "three"));
  }

  /** The same, and growth of the automatic pool file. */
  public static List<Operation> everythingInAutomaticPool() {
    List<Operation> all = new ArrayList<>(everything());
    all.add(3, Operation.of(Verb.GROW_POOL, "-", "64M"));
    return all;
  }

  /** {@code count} operations that are possible one after the other, from a model's state on. */
  public static List<Operation> random(Model from, Random random, int count) {
    return random(from, random, count, (_, operation) -> operation.verb() != Verb.REMOVE_GROUP);
  }

  /**
   * Operations as the services of CSI know them. They name a snapshot among all others, and delete one that was cut with others only together
   * with those.
   */
  public static List<Operation> randomOfCsi(Model from, Random random, int count) {
    return random(from, random, count, (model, operation) -> switch (operation.verb()) {
      case CREATE, WRITE, MOUNT, UNMOUNT, SNAPSHOT, GROUP, CLONE, FROM, GROW, REMOVE, REMOVE_GROUP -> true;
      case REMOVE_SNAPSHOT -> !model.groups.containsKey(operation.snapshot());
      default -> false;
    });
  }

  private static List<Operation> random(Model from, Random random, int count, BiPredicate<Model, Operation> allowed) {
    Model model = from.copy();
    List<Operation> history = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      List<Operation> candidates = possible(model, random);
      candidates.removeIf(each -> !allowed.test(model, each));
      Operation next = pick(candidates, random);
      model.apply(next);
      history.add(next);
    }
    return history;
  }

  private static Operation pick(List<Operation> candidates, Random random) {
    return candidates.get(random.nextInt(candidates.size()));
  }

  private static List<Operation> possible(Model model, Random random) {
    List<Operation> all = new ArrayList<>();
    Supplier<String> fresh = () -> "n" + Integer.toUnsignedString(random.nextInt(), 36);
    if (model.volumes.size() < 5) {
      all.add(Operation.of(Verb.CREATE, fresh.get(), random.nextInt(4) == 0 ? "xfs:320M" : "ext4:32M"));
    }
    model.volumes.keySet().forEach(volume -> onVolume(model, volume, fresh, random, all));
    model.snapshots.values().forEach(snap -> onSnapshot(model, snap, fresh, all));
    model.groups.forEach((name, members) ->
        all.add(Operation.onSnapshot(Verb.REMOVE_GROUP, members.getFirst(), name, members.getLast())));
    model.trashedVolumes.stream().map(Model.Vol::name).distinct().filter(name -> !model.volumes.containsKey(name))
        .forEach(name -> all.add(Operation.of(Verb.UNDO, name)));
    model.trashedSnapshots.forEach(snap -> all.add(Operation.onSnapshot(Verb.UNDO_SNAPSHOT, snap.volume(), snap.name())));
    if (model.trashedVolumes.size() + model.trashedSnapshots.size() > 2) {
      all.add(Operation.of(Verb.EMPTY_TRASH, "-"));
    }
    return all;
  }

  private static void onVolume(Model model, String volume, Supplier<String> fresh, Random random, List<Operation> all) {
    all.add(Operation.of(Verb.WRITE, volume, fresh.get()));
    long mebibytes = model.live(volume).size() >> 20;
    // A mounted ext4 grows only for a process with CAP_SYS_RESOURCE, which test machines may lack.
    if (mebibytes < 480 && (model.live(volume).xfs() || !model.mounted.contains(volume))) {
      all.add(Operation.of(Verb.GROW, volume, mebibytes + 16 + "M"));
    }
    if (model.snapshots.size() < 8) {
      all.add(Operation.onSnapshot(Verb.SNAPSHOT, volume, fresh.get()));
      model.volumes.keySet().stream().filter(other -> !other.equals(volume)).findFirst()
          .ifPresent(other -> all.add(Operation.onSnapshot(Verb.GROUP, volume, fresh.get(), other)));
    }
    if (model.volumes.size() < 6) {
      all.add(Operation.of(Verb.CLONE, volume, fresh.get()));
    }
    if (model.mounted.contains(volume)) {
      all.add(Operation.of(Verb.UNMOUNT, volume));
    } else {
      all.add(Operation.of(Verb.MOUNT, volume));
      all.add(Operation.of(Verb.REMOVE, volume));
      if (random.nextInt(4) == 0) {
        all.add(Operation.of(Verb.COMPACT, volume));
      }
    }
  }

  private static void onSnapshot(Model model, Model.Snap snap, Supplier<String> fresh, List<Operation> all) {
    if (model.volumes.size() < 6) {
      all.add(Operation.onSnapshot(Verb.FROM, snap.volume(), snap.name(), fresh.get()));
    }
    boolean idle = model.volumes.containsKey(snap.volume()) && !model.mounted.contains(snap.volume());
    if (idle && model.live(snap.volume()).size() == snap.size()) {
      all.add(Operation.onSnapshot(Verb.ROLLBACK, snap.volume(), snap.name()));
    }
    if (model.views.contains(snap.label())) {
      all.add(Operation.onSnapshot(Verb.UNVIEW, snap.volume(), snap.name()));
    } else {
      all.add(Operation.onSnapshot(Verb.VIEW, snap.volume(), snap.name()));
      all.add(Operation.onSnapshot(Verb.REMOVE_SNAPSHOT, snap.volume(), snap.name()));
    }
    all.add(Operation.onSnapshot(Verb.UPLOAD, snap.volume(), snap.name()));
  }
}
