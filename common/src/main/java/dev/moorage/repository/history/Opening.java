package dev.moorage.repository.history;

/** How the opening of a writer's session ended. */
public sealed interface Opening {

  /** The session is open. */
  record Opened(WriterSession session) implements Opening {}

  /**
   * This pool is not the writer of the history; nothing was opened.
   *
   * @param entry what another pool, or a copy of this one, did there
   */
  record AnotherWriter(HistoryEntry entry) implements Opening {}

  /**
   * The session that was to be continued is over: its seat is taken.
   *
   * @param entry what takes it: the snapshot of the session itself when its commit went through
   */
  record Over(HistoryEntry entry) implements Opening {}
}
