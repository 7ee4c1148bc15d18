package dev.moorage.testkit.simulation;

import dev.moorage.objectstore.Content;
import dev.moorage.objectstore.ExactStream;
import dev.moorage.objectstore.Listing;
import dev.moorage.objectstore.ObjectHead;
import dev.moorage.objectstore.ObjectKey;
import dev.moorage.objectstore.ObjectStore;
import dev.moorage.objectstore.ObjectStoreException;
import dev.moorage.objectstore.ObjectStream;
import dev.moorage.objectstore.Version;
import java.io.ByteArrayInputStream;
import java.util.List;
import java.util.Optional;

/**
 * One actor's connection to the store: each request may be overtaken by those of others, fail, take effect although its answer is
 * lost, take effect much later, or be the last thing that its sender does.
 */
final class SimulatedStore implements ObjectStore {

  private static final double PAUSES = 0.25;
  private static final List<String> TURNING =
      List.of("create sessions/", "create snaps/", "delete packs/", "list tombstones/", "list sessions/", "list snaps/", "list packs/");

  private final World world;
  private final String actor;
  private final double losses;
  private final double crashes;

  /** {@code losses} and {@code crashes} are the probabilities that a request loses its answer, or its sender. */
  SimulatedStore(World world, String actor, double losses, double crashes) {
    this.world = world;
    this.actor = actor;
    this.losses = losses;
    this.crashes = crashes;
  }

  private interface Effect<T> {
    T happen();
  }

  private enum Fate {
    ANSWERED,
    NEVER,
    ANSWER_LOST,
    LATE
  }

  /** Requests around which everything turns are delayed often, and commits are lost more often than others. */
  private <T> T request(String what, boolean write, Effect<T> effect) throws ObjectStoreException {
    Dice dice = world.dice();
    boolean turning = TURNING.stream().anyMatch(what::startsWith);
    world.scheduler().step(turning && dice.chance(PAUSES) ? dice.of(List.of(3, 10, 40, 100)) : 0);
    world.tick();
    boolean commit = what.startsWith("create snaps/");
    boolean crash = dice.chance(commit ? 3 * crashes : crashes);
    Fate fate = !crash && !dice.chance(commit ? 3 * losses : losses) ? Fate.ANSWERED : Fate.values()[dice.below(write ? 4 : 2)];
    world.trace(actor, what, crash ? fate + ", then killed" : fate.toString());
    Optional<T> answer = switch (fate) {
      case ANSWERED, ANSWER_LOST -> Optional.of(effect.happen());
      case NEVER -> Optional.empty();
      case LATE -> {
        world.late(actor + " " + what, effect::happen);
        yield Optional.empty();
      }
    };
    if (fate != Fate.ANSWERED) {
      world.happened(Coverage.Event.ANSWER_LOST);
    }
    if (crash) {
      throw new Crash();
    }
    if (fate != Fate.ANSWERED || answer.isEmpty()) {
      throw new ObjectStoreException.Unavailable(what, "no answer came", "", null);
    }
    return answer.get();
  }

  @Override
  public Optional<Version> putIfAbsent(ObjectKey key, Content content) throws ObjectStoreException {
    byte[] bytes = bytes(content);
    return request("create " + key, true, () -> world.objects().create(key.value(), bytes, world.now()));
  }

  @Override
  public Optional<Version> replaceIfMatch(ObjectKey key, Version expected, Content content) throws ObjectStoreException {
    byte[] bytes = bytes(content);
    return request("replace " + key, true, () -> world.objects().replace(key.value(), expected, bytes, world.now()));
  }

  @Override
  public ObjectStream get(ObjectKey key) throws ObjectStoreException {
    Optional<StoredObjects.Stored> found = request("get " + key, false, () -> world.objects().find(key.value()));
    if (found.isEmpty()) {
      throw new ObjectStoreException.NoSuchObject("read " + key, "there is no such object", "", null);
    }
    byte[] bytes = found.get().bytes();
    ExactStream exact = new ExactStream(new ByteArrayInputStream(bytes), bytes.length,
        cause -> new ObjectStoreException.Unavailable("read " + key, cause.toString(), "", cause));
    return new ObjectStream(exact, found.get().version(), bytes.length);
  }

  @Override
  public ObjectStream getRange(ObjectKey key, long offset, int length) throws ObjectStoreException {
    throw new ObjectStoreException.Invalid("read a range of " + key, "nobody does here", "", null);
  }

  @Override
  public Optional<ObjectHead> head(ObjectKey key) throws ObjectStoreException {
    return request("head " + key, false, () -> world.objects().find(key.value())
        .map(found -> new ObjectHead(found.bytes().length, found.version(), found.modified())));
  }

  @Override
  public Listing list(String prefix, Optional<String> after, int limit) throws ObjectStoreException {
    return request("list " + prefix, false, () -> world.objects().list(prefix, after, limit));
  }

  @Override
  public boolean delete(ObjectKey key) throws ObjectStoreException {
    return request("delete " + key, true, () -> world.objects().delete(key.value()));
  }

  @Override
  public void close() {
    // The objects belong to the world.
  }

  private static byte[] bytes(Content content) {
    try (java.io.InputStream in = content.open()) {
      return in.readAllBytes();
    } catch (java.io.IOException e) {
      throw new AssertionError(e);
    }
  }
}
