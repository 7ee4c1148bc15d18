package dev.moorage.repository.gc;

import dev.moorage.objectstore.ObjectStore;
import dev.moorage.repository.Hex128;
import dev.moorage.repository.history.History;
import dev.moorage.repository.history.SealedObjects;
import dev.moorage.repository.history.Sessions;
import dev.moorage.repository.history.Tombstones;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;

/**
 * Deletes the packs of a repository that no snapshot refers to. It needs the maintenance credential, which may delete.
 *
 * <p>It takes no lock: it may run beside any number of backups, restores and other collections, and may be killed at any moment. What
 * a collection could not finish, because a session that began before it was still open, or because it was killed, the next one
 * finishes. After an exception nothing was deleted that anybody needs.
 */
public final class Collector {

  private final Parts parts;
  private final CollectionSettings settings;
  private final SecureRandom random;

  /** What a collection works with. */
  record Parts(
      ObjectStore store,
      SealedObjects objects,
      History history,
      Sessions sessions,
      Tombstones tombstones,
      PackReferences references,
      Clock clock) {}

  /**
   * A collector of the repository in {@code store}.
   *
   * @param clock for the times that records hold for people; nothing depends on it
   */
  public Collector(
      ObjectStore store,
      SealedObjects objects,
      PackReferences references,
      CollectionSettings settings,
      SecureRandom random,
      Clock clock) {
    History history = new History(objects, clock);
    Tombstones tombstones = new Tombstones(objects);
    Sessions sessions = new Sessions(objects, history, tombstones, random, clock);
    this.parts = new Parts(store, objects, history, sessions, tombstones, references, clock);
    this.settings = settings;
    this.random = random;
  }

  /**
   * Runs one collection.
   *
   * @throws dev.moorage.repository.UnreadableException when a snapshot that is not forgotten cannot be read: then it is not known
   *     what it needs
   */
  public CollectionReport run(CollectionProgress progress) throws IOException {
    return new CollectionRun(Hex128.random(random), parts, settings, progress, random).run();
  }
}
