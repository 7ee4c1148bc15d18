package dev.moorage.testkit.simulation;

/** What can be left out of the protocol, or done in the wrong order. Each must be caught. */
public enum Weakness {
  /** The protocol as it is. */
  NONE,
  /** A writer commits while packs are still on their way. */
  COMMIT_BEFORE_PACKS,
  /** A writer seals other texts under the id of a pack whose upload was not acknowledged. */
  REUSED_PACK_IDS,
  /** A writer reads the tombstones, then makes its session. */
  TOMBSTONES_BEFORE_SESSION,
  /** A writer chooses its parent, then makes its session. */
  PARENT_BEFORE_SESSION,
  /** A writer chooses the relative's snapshot that it builds upon, then makes its session. */
  RELATIVE_BEFORE_SESSION,
  /** A writer that looks in all packs uses doomed ones, too. */
  DOOMED_PACKS_FOUND,
  /** A writer believes that what it uploaded in an earlier session is still there. */
  NO_EXISTENCE_CHECK,
  /** A writer ends a session although a commit of it may still be on its way. */
  END_WITH_OPEN_SEAT,
  /** A reader looks whether the snapshot is forgotten, then makes its session. */
  READER_CHECKS_BEFORE_SESSION,
  /** A collection does not wait for the sessions that were open when it published its tombstone. */
  NO_SECOND_SESSION_LIST,
  /** A collection deletes what it doomed without looking again. */
  NO_SECOND_MARK,
  /** The second mark leaves out what was forgotten meanwhile, as the first one does. */
  SECOND_MARK_HEEDS_FORGETTING,
  /** A collection takes a session that was silent for days for dead, and does not fence it. */
  NO_VOID_FOR_DEAD_SESSION,
  /** A collection dooms the packs of sessions that are open. */
  OPEN_SESSIONS_NOT_SPARED
}
