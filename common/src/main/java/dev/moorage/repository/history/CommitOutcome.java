package dev.moorage.repository.history;

/** How a commit ended. Each of them is final: the seat is taken, and stays so. */
public sealed interface CommitOutcome {

  /** The snapshot is committed; {@code entry} is what is stored, which an earlier attempt of the same session may have sent. */
  record Committed(SnapshotEntry entry) implements CommitOutcome {}

  /** The session was fenced before it committed. Open a new one; what was uploaded may be used again as far as it still exists. */
  record Fenced(VoidEntry by) implements CommitOutcome {}

  /** Somebody else continues this history. Nothing more may be committed to it from here unless it is taken over. */
  record AnotherWriter(HistoryEntry entry) implements CommitOutcome {}
}
