package dev.moorage.testkit.history;

import java.util.List;

/**
 * One acknowledged change of a storage. {@code volume} and {@code snapshot} are names, {@code argument} depends on the verb; all are free
 * of spaces and {@code -} stands for none, so that an operation is one line of text.
 */
public record Operation(Verb verb, String volume, String snapshot, String argument) {

  /** What is done; the comment says what the argument means. */
  public enum Verb {
    /** What it holds and its size: {@code ext4:32M}, {@code xfs:320M}, {@code block:16M}, {@code tree:16M} (directory backend). */
    CREATE,
    /** The text to be found in the volume from then on. */
    WRITE,
    MOUNT,
    UNMOUNT,
    /** At a path of a pod and, when that has looked, no longer. */
    PUBLISH,
    SNAPSHOT,
    /** The second volume. */
    GROUP,
    /** The name of the clone. */
    CLONE,
    /** The name of the volume made from the snapshot. */
    FROM,
    ROLLBACK,
    /** The new size. */
    GROW,
    COMPACT,
    REMOVE,
    UNDO,
    REMOVE_SNAPSHOT,
    /** The second volume of the group; its snapshots go one after the other. */
    REMOVE_GROUP,
    UNDO_SNAPSHOT,
    /** To {@link Vault}. */
    UPLOAD,
    /** From there; the name of the volume made. */
    RESTORE,
    VIEW,
    UNVIEW,
    /** Into the copy in {@link Vault}: it is mounted, read and unmounted. */
    LOOK,
    /** Takes the text out of the copy in {@link Vault}, as a file beside the pool. */
    TAKE,
    EMPTY_TRASH,
    /** By how much. */
    GROW_POOL,
    /** A second pool beside the first; the model's things stay in the first. */
    ADD_POOL
  }

  public static Operation of(Verb verb, String volume) {
    return new Operation(verb, volume, "-", "-");
  }

  public static Operation of(Verb verb, String volume, String argument) {
    return new Operation(verb, volume, "-", argument);
  }

  public static Operation onSnapshot(Verb verb, String volume, String snapshot) {
    return new Operation(verb, volume, snapshot, "-");
  }

  public static Operation onSnapshot(Verb verb, String volume, String snapshot, String argument) {
    return new Operation(verb, volume, snapshot, argument);
  }

  /** What of it may have been done, each alone, when it was cut short; the whole of it is not among them. */
  List<Operation> parts() {
    return verb == Verb.REMOVE_GROUP
        ? List.of(onSnapshot(Verb.REMOVE_SNAPSHOT, volume, snapshot), onSnapshot(Verb.REMOVE_SNAPSHOT, argument, snapshot)) : List.of();
  }

  static Operation parse(String line) {
    List<String> words = List.of(line.split(" "));
    return new Operation(Verb.valueOf(words.get(0)), words.get(1), words.get(2), words.get(3));
  }

  @Override
  public String toString() {
    return verb + " " + volume + " " + snapshot + " " + argument;
  }
}
