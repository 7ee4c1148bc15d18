package dev.moorage.repository.history;

/** What takes a seat in the history of a volume, for ever. */
public sealed interface HistoryEntry permits SnapshotEntry, VoidEntry, TakeoverEntry {

  /** The seat it takes. */
  Seat seat();
}
