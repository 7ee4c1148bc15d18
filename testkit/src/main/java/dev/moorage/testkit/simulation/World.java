package dev.moorage.testkit.simulation;

import dev.moorage.repository.history.SealedObjects;
import dev.moorage.repository.pack.PackName;
import dev.moorage.volume.VolumeId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** What all actors of one schedule share: the store, its clock, the requests that are under way, and chance. */
final class World {

  private static final Instant BEGINNING = Instant.parse("2030-01-01T00:00:00Z");
  private static final double LANDING = 0.05;

  private final Dice dice;
  private final Scheduler scheduler;
  private final Oracle oracle = new Oracle();
  private final StoredObjects objects = new StoredObjects(oracle);
  private final double jumps;
  private final boolean tracing;
  private final Map<PackName, int[]> texts = new HashMap<>();
  private final List<String> trace = new ArrayList<>();
  private final List<Late> late = new ArrayList<>();
  private Instant now = BEGINNING;
  private final Coverage coverage;
  private int values;
  private int writers;

  private record Late(String what, Runnable effect) {}

  /** {@code jumps} is the probability that the clock jumps by hours or days before a request. */
  World(Dice dice, Scheduler scheduler, double jumps, Coverage coverage, boolean tracing) {
    this.dice = dice;
    this.scheduler = scheduler;
    this.jumps = jumps;
    this.coverage = coverage;
    this.tracing = tracing;
  }

  void writerBegins() {
    writers++;
  }

  void writerEnded() {
    writers--;
  }

  /** Whether there is still somebody whose work can be disturbed. */
  boolean isBusy() {
    return writers > 0;
  }

  Dice dice() {
    return dice;
  }

  Scheduler scheduler() {
    return scheduler;
  }

  Oracle oracle() {
    return oracle;
  }

  StoredObjects objects() {
    return objects;
  }

  Instant now() {
    return now;
  }

  /** A clock of hosts; what it says matters to nobody. */
  Clock clock() {
    return Clock.fixed(BEGINNING, ZoneOffset.UTC);
  }

  VolumeId newVolume() {
    return new VolumeId(new UUID(dice.bits(), dice.bits()));
  }

  /** A content of a block that was nowhere before. */
  int newValue() {
    return ++values;
  }

  /** What was sealed in a pack, which its footer tells. */
  void sealed(PackName pack, int[] content) {
    texts.put(pack, content);
  }

  /** Empty of a pack with a map in it. */
  Optional<int[]> texts(PackName pack) {
    return Optional.ofNullable(texts.get(pack));
  }

  SealedObjects sealed(dev.moorage.objectstore.ObjectStore store) {
    return new SealedObjects(store, new PlainSealing());
  }

  /** Time passes before a request, and requests of old may arrive. */
  void tick() {
    now = now.plusSeconds(1);
    if (dice.chance(jumps)) {
      jump(Duration.ofHours(dice.of(List.of(3, 25, 25, 200))));
    }
    if (!late.isEmpty() && dice.chance(LANDING)) {
      land(dice.below(late.size()));
    }
  }

  /** A request takes effect later, long before a day is over. */
  void late(String what, Runnable effect) {
    late.add(new Late(what, effect));
  }

  /** The clock jumps; no request is under way for so long. */
  void jump(Duration by) {
    while (!late.isEmpty()) {
      land(dice.below(late.size()));
    }
    now = now.plus(by);
    happened(Coverage.Event.TIME_JUMPED);
    trace("clock", "jumps by " + by, "");
  }

  private void land(int index) {
    Late request = late.remove(index);
    trace("store", request.what(), "arrives");
    happened(Coverage.Event.ARRIVED_LATE);
    request.effect().run();
  }

  void happened(Coverage.Event event) {
    happened(event, 1);
  }

  void happened(Coverage.Event event, long count) {
    coverage.add(event, count);
  }

  /** One line of the schedule, for people. */
  void trace(String actor, String what, String how) {
    if (tracing) {
      trace.add(String.format("%5d  %-12s %s  %s", scheduler.steps(), actor, what, how));
    }
  }

  List<String> trace() {
    return trace;
  }
}
