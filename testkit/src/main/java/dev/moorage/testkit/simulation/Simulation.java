package dev.moorage.testkit.simulation;

import dev.moorage.objectstore.ObjectStore;
import dev.moorage.repository.gc.CollectionReport;
import dev.moorage.repository.gc.CollectionSettings;
import dev.moorage.repository.history.History;
import dev.moorage.repository.history.SnapshotEntry;
import dev.moorage.repository.history.VolumeHistory;
import dev.moorage.repository.pack.PackName;
import dev.moorage.volume.VolumeId;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * One schedule: writers, a reader or two, an operator and collections are thrown together by the seed, run to their ends, and then all
 * is quiet: everything that is committed and not forgotten must restore bit for bit, and two collections leave nothing else.
 */
public final class Simulation {

  private static final CollectionSettings SETTINGS =
      new CollectionSettings("maintenance", Duration.ofDays(7), Duration.ofDays(1), 1);
  private static final int STEPS_BEFORE_OTHERS = 120;

  private final Weakness weakness;
  private final Dice dice;
  private final World world;
  private final double losses;
  private final double crashes;
  private final List<WriterActor> writers = new ArrayList<>();
  private final List<Actor> actors = new ArrayList<>();

  private Simulation(long seed, Weakness weakness, Coverage coverage, boolean tracing) {
    this.weakness = weakness;
    this.dice = new Dice(seed);
    Scheduler scheduler = new Scheduler(dice, dice.of(0.02, 0.1, 0.3, 0.7));
    this.losses = dice.of(0, 0.02, 0.08);
    this.crashes = dice.of(0, 0.01, 0.04);
    this.world = new World(dice, scheduler, dice.of(0, 0.005, 0.02), coverage, tracing);
  }

  /**
   * Runs the schedule of a seed.
   *
   * @param coverage counts what happens
   * @return what was violated, with the whole schedule; empty when all is well
   */
  public static Optional<String> run(long seed, Weakness weakness, Coverage coverage) {
    // Run again to tell it: a trace of every schedule would take most of the time.
    return new Simulation(seed, weakness, coverage, false).violation().map(failure ->
        new Simulation(seed, weakness, new Coverage(), true).story(seed)
            .orElse("seed " + seed + ", " + weakness + ": violated once, and not when it was run again: " + failure));
  }

  private Optional<Throwable> violation() {
    cast();
    Throwable failure = world.scheduler().run(List.copyOf(actors));
    if (failure != null) {
      return Optional.of(failure);
    }
    try {
      quiet();
      return Optional.empty();
    } catch (AssertionError | IOException e) {
      return Optional.of(e);
    }
  }

  private Optional<String> story(long seed) {
    return violation().map(failure -> {
      StringBuilder story = new StringBuilder("seed " + seed + ", " + weakness + ": " + failure.getMessage() + "\n");
      world.trace().forEach(line -> story.append(line).append('\n'));
      story.append(failure);
      for (StackTraceElement frame : failure.getStackTrace()) {
        story.append("\n    at ").append(frame);
      }
      return story.toString();
    });
  }

  private ObjectStore connection(String name) {
    return new SimulatedStore(world, name, losses, crashes);
  }

  private void cast() {
    boolean checksParents = dice.chance(0.5);
    // Half of the schedules have one volume, and everybody works on it.
    boolean busy = dice.chance(0.5);
    int volumes = busy ? 1 : 1 + dice.below(2);
    for (int i = 0; i < volumes; i++) {
      VolumeId volume = world.newVolume();
      WriterActor owner = writer("pool-" + i, volume, 1 + dice.below(busy ? 6 : 4), new WriterActor.Start.Owner(), checksParents);
      if (dice.chance(0.25)) {
        writer("heir-" + i, volume, 1 + dice.below(2), new WriterActor.Start.Takeover(dice.below(STEPS_BEFORE_OTHERS)), checksParents);
      }
      if (dice.chance(0.2)) {
        writer("clone-" + i, volume, 1 + dice.below(2),
            new WriterActor.Start.Clone(dice.below(STEPS_BEFORE_OTHERS), owner), checksParents);
      }
    }
    if (dice.chance(0.3)) {
      WriterActor of = dice.of(List.copyOf(writers));
      writer("kin", world.newVolume(), 1 + dice.below(2), new WriterActor.Start.Relative(dice.below(STEPS_BEFORE_OTHERS), of), checksParents);
    }
    for (int i = dice.below(3); i > 0; i--) {
      String name = "reader-" + i;
      actors.add(new ReaderActor(world, name, connection(name), 1 + dice.below(5), SETTINGS.silenceMax(), weakness));
    }
    actors.add(new OperatorActor(world, "operator", connection("operator"), 1 + dice.below(busy ? 12 : 4), busy ? 30 : 60));
    for (int i = 1 + dice.below(2); i > 0; i--) {
      String name = "gc-" + i;
      actors.add(new CollectorActor(world, name, connection(name), 1 + dice.below(busy ? 8 : 4), SETTINGS, weakness));
    }
  }

  private WriterActor writer(String name, VolumeId volume, int rounds, WriterActor.Start start, boolean checksParents) {
    Disk disk = new Disk(new int[3 + dice.below(3)]);
    WriterActor.Plan plan = new WriterActor.Plan(rounds, start, dice.chance(0.3), checksParents, weakness);
    WriterActor writer = new WriterActor(world, name, connection(name), volume, disk, plan);
    writers.add(writer);
    world.writerBegins();
    actors.add(writer);
    return writer;
  }

  /** Nobody works any more: what is left is what must be. */
  private void quiet() throws IOException {
    world.trace("all", "is quiet now", "");
    world.jump(Duration.ofHours(dice.of(List.of(1, 200))));
    ObjectStore store = new SimulatedStore(world, "afterwards", 0, 0);
    for (WriterActor writer : writers) {
      if (writer.disk().session != null && dice.chance(0.5)) {
        new Aftermath(world, store).settle(writer.disk());
      }
    }
    CollectorActor collector = new CollectorActor(world, "last-gc", store, 0, SETTINGS, Weakness.NONE);
    checkRestores(store);
    world.jump(Duration.ofDays(8));
    collector.collect(Weakness.NONE);
    world.jump(Duration.ofDays(2));
    CollectionReport last = collector.collect(Weakness.NONE);
    if (!last.waiting().isEmpty()) {
      throw new Violation("a collection still waits for " + last.waiting());
    }
    checkNothingIsLeft("packs/", "sessions/");
    // A tombstone outlives its packs by a day.
    world.jump(Duration.ofDays(2));
    collector.collect(Weakness.NONE);
    checkNothingIsLeft("packs/", "sessions/", "tombstones/", "collections/");
    checkRestores(store);
  }

  private void checkRestores(ObjectStore store) throws IOException {
    Map<String, Oracle.Committed> expected = new TreeMap<>(world.oracle().committed());
    History history = new History(world.sealed(store), world.clock());
    for (VolumeHistory volume : history.all()) {
      for (SnapshotEntry snapshot : history.snapshots(volume.whole())) {
        Oracle.Committed committed = expected.remove(snapshot.seat().key().value());
        if (committed == null || !Arrays.equals(committed.intent().content(), BlockMap.restore(store, snapshot))) {
          throw new Violation(snapshot.seat() + " restores to something else than was committed");
        }
      }
    }
    if (!expected.isEmpty()) {
      throw new Violation("committed snapshots are not in the history: " + expected.keySet());
    }
  }

  private void checkNothingIsLeft(String... prefixes) {
    Set<String> needed = new HashSet<>();
    world.oracle().committed().values().forEach(each -> each.intent().packs().stream().map(PackName::key).forEach(needed::add));
    List<String> left = new ArrayList<>();
    for (String prefix : prefixes) {
      left.addAll(world.objects().keys(prefix));
    }
    left.removeAll(needed);
    if (!left.isEmpty()) {
      throw new Violation("two collections left what nobody refers to: " + left);
    }
  }
}
