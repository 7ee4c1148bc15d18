package dev.moorage.testkit.simulation;

import dev.moorage.objectstore.ObjectStore;
import dev.moorage.objectstore.ObjectStoreException;
import dev.moorage.repository.history.History;
import dev.moorage.repository.history.SealedObjects;
import dev.moorage.repository.history.Sessions;
import dev.moorage.repository.history.Tombstones;
import java.io.IOException;
import java.security.SecureRandom;

/** A process on some host. It may be killed at any request and starts again, knowing what its disk holds. */
abstract class Actor implements Runnable {

  private static final int LIVES_MAX = 12;
  private static final int TRIES = 3;

  final World world;
  final String name;
  final Dice dice;
  private final ObjectStore store;
  final SecureRandom ids;

  Actor(World world, String name, ObjectStore store) {
    this.world = world;
    this.name = name;
    this.dice = world.dice();
    this.store = store;
    this.ids = dice.ids();
  }

  /** Works until there is nothing left to do; called again when it was killed. */
  abstract void live() throws IOException;

  @Override
  public final void run() {
    for (int life = 0; life < LIVES_MAX; life++) {
      try {
        live();
        break;
      } catch (Crash e) {
        world.happened(Coverage.Event.KILLED);
        world.trace(name, "is started again", "");
      } catch (ObjectStoreException.Unavailable e) {
        world.trace(name, "gives up for now", e.action());
      } catch (IOException e) {
        throw new AssertionError(name + " met what cannot be: " + e.getMessage(), e);
      }
    }
    ended();
  }

  /** The actor has nothing more to do, or was killed once too often. */
  void ended() {
    // Most are not missed.
  }

  /** Something that is asked of the store. */
  interface Request<T> {
    T send() throws IOException;
  }

  /** Asks a few times when there is no answer. */
  static <T> T retried(Request<T> request) throws IOException {
    for (int i = 1; i < TRIES; i++) {
      try {
        return request.send();
      } catch (ObjectStoreException.Unavailable e) {
        // Asked again.
      }
    }
    return request.send();
  }

  /** Lets others go on for some steps. */
  final void idle(int steps) {
    world.scheduler().step(steps);
  }

  final History history() {
    return new History(sealed(), world.clock());
  }

  final Sessions sessions() {
    SealedObjects objects = sealed();
    return new Sessions(objects, new History(objects, world.clock()), new Tombstones(objects), ids, world.clock());
  }

  /** The store as this actor sees it. */
  ObjectStore connection() {
    return store;
  }

  final SealedObjects sealed() {
    return world.sealed(connection());
  }
}
