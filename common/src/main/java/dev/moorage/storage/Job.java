package dev.moorage.storage;

import java.time.Instant;
import java.util.Optional;

/**
 * Background work: persisted, resumed after a restart, visible.
 *
 * @param fraction how much of it is done, from 0 to 1
 * @param note what it waits for, while it does; what is to be told of it, when it has ended
 * @param progress what it moved so far, for work that moves bytes
 * @param error why it failed
 */
public record Job(
    String id,
    String kind,
    String subject,
    State state,
    double fraction,
    Instant startedAt,
    Optional<String> note,
    Optional<Progress> progress,
    Optional<String> error) {

  /** Where it stands. */
  public enum State {
    RUNNING,
    /** Something that it needs is away; it goes on by itself when that is back. */
    WAITING,
    DONE,
    FAILED,
    /** Somebody did not want it any more; the note tells what is left of it. */
    CANCELLED;

    /** Whether nothing happens any more. */
    public boolean isEnd() {
      return this == DONE || this == FAILED || this == CANCELLED;
    }
  }

  /** In a few words, such as {@code upload 40 %, 2.1G of 5.2G, 80M/s}. */
  public String inWords() {
    return state == State.FAILED ? kind + " failed: " + error.orElse("the service's log says why") : Activity.of(this);
  }

  /** Bytes done and to be done since the newest start, and how many a second on the average. */
  public record Progress(long doneBytes, long totalBytes, long bytesPerSecond) {}
}
