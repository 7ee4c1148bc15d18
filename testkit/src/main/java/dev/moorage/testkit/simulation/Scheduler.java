package dev.moorage.testkit.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Lets exactly one actor move at a time, and decides at each request to the store who goes on. Actors share nothing but the store,
 * so every possible interleaving of theirs is an order of their requests.
 */
final class Scheduler {

  /** No schedule comes near it; one that does has a loop. */
  private static final int STEPS_MAX = 200_000;

  private final Dice dice;
  private final double switching;
  private final List<Turn> runnable = new ArrayList<>();
  private final Semaphore done = new Semaphore(0);
  private @Nullable Throwable failure;
  private int steps;

  /** {@code switching} is the probability that another actor goes on after a step: low ones give long runs of one actor. */
  Scheduler(Dice dice, double switching) {
    this.dice = dice;
    this.switching = switching;
  }

  /** What an actor waits for, and the step before which it is not woken unless all others wait as well. */
  static final class Turn {
    private final Semaphore mine = new Semaphore(0);
    private int wakes;
  }

  /** Runs all actors to their ends, and returns what went wrong first. */
  @Nullable Throwable run(List<Runnable> actors) {
    List<Turn> turns = new ArrayList<>();
    for (Runnable actor : actors) {
      Turn turn = new Turn();
      turns.add(turn);
      runnable.add(turn);
      Thread.ofVirtual().start(() -> live(turn, actor));
    }
    if (!turns.isEmpty()) {
      dice.of(runnable).mine.release();
      done.acquireUninterruptibly();
    }
    return failure;
  }

  private static final ScopedValue<Turn> CURRENT = ScopedValue.newInstance();

  private void live(Turn turn, Runnable actor) {
    turn.mine.acquireUninterruptibly();
    try {
      ScopedValue.where(CURRENT, turn).run(actor);
    } catch (Halt e) {
      // Another actor failed.
    } catch (Throwable e) {
      failure = failure == null ? e : failure;
    }
    runnable.remove(turn);
    if (runnable.isEmpty()) {
      done.release();
    } else {
      next().mine.release();
    }
  }

  /** The actor that calls may be overtaken by others here; with a pause it lets them make so many steps first. */
  void step(int pause) {
    if (!CURRENT.isBound()) {
      return;
    }
    Turn turn = CURRENT.get();
    if (++steps > STEPS_MAX) {
      throw new Violation("a schedule of more than " + STEPS_MAX + " steps does not end");
    }
    turn.wakes = steps + pause;
    if (failure == null && (pause > 0 || dice.chance(switching))) {
      Turn next = next();
      if (next != turn) {
        next.mine.release();
        turn.mine.acquireUninterruptibly();
      }
    }
    if (failure != null) {
      throw new Halt();
    }
  }

  /** Any actor that is awake, or else the one that wakes first. */
  private Turn next() {
    int start = dice.below(runnable.size());
    Turn first = runnable.get(start);
    for (int i = 0; i < runnable.size(); i++) {
      Turn turn = runnable.get((start + i) % runnable.size());
      if (turn.wakes <= steps) {
        return turn;
      }
      first = turn.wakes < first.wakes ? turn : first;
    }
    return first;
  }

  int steps() {
    return steps;
  }
}
