package dev.moorage.repository;

import dev.moorage.repository.history.HistoryEntry;
import java.io.IOException;

/** Ends sessions of uploads from which nothing shall be committed any more. */
public final class Settling {

  private Settling() {}

  /**
   * Closes the seat of a session of this pool, so that no commit of it can arrive, and returns what took it: its own snapshot when that was
   * faster, else mostly a void, which does so now. May be repeated. What the session stored can be used by the next upload until a collection
   * takes it.
   *
   * @throws UnreadableException.Rotated when the keys were rotated since the repository was opened
   */
  public static HistoryEntry settle(Repository repository, Upload.Attempt attempt) throws IOException {
    repository.demandNewestKeys();
    return repository.sessions().settle(attempt.session(), attempt.seat());
  }
}
