package dev.moorage.repository.seal;

import java.util.Locale;

/** The kinds of small sealed objects. Each has keys of its own, so one can never be taken for another. The codes are the format's. */
public enum ObjectKind {
  /** The proof in {@code repository} that a key ring belongs to it. */
  PROOF(1),
  /** An entry of a volume's history. */
  ENTRY(2),
  /** The marker beside an entry that says that it is forgotten. */
  FORGOTTEN(3),
  /** The session of a writer or a reader. */
  SESSION(4),
  /** The marker that a session has ended. */
  SESSION_END(5),
  /** The packs that a collection has doomed. */
  TOMBSTONE(6),
  /** The sessions that must be over before doomed packs are deleted. */
  AWAITED(7),
  /** The marker that doomed packs are deleted. */
  SWEPT(8),
  /** The note that a collection is under way. */
  COLLECTION(9),
  /** The marker that an epoch of the key ring writes from now on. */
  EPOCH(10),
  /** Who alone may write, in a repository that was declared for a single writer. */
  WRITER(11);

  private final int code;

  ObjectKind(int code) {
    this.code = code;
  }

  int code() {
    return code;
  }

  /** What its keys are derived with. */
  String label() {
    return "moorage/1/object/" + name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
