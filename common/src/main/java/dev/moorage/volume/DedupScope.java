package dev.moorage.volume;

import java.util.Locale;

/**
 * Where content is looked for before a volume's first snapshot is stored in a repository. Later ones are built upon its own history, unless
 * that is not wanted either.
 */
public enum DedupScope {

  /** Nowhere, and its own history is not built upon: all is stored anew, as is needed when what was stored has been damaged. */
  NONE,

  /** With the volumes that it was cloned or restored from, and their clones. */
  LINEAGE,

  /** Everywhere in the repository: the contents of all packs are read for it. */
  REPOSITORY;

  /** As people write it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Reads the word.
   *
   * @throws IllegalArgumentException with a sentence that says which words there are
   */
  public static DedupScope parse(String word) {
    for (DedupScope each : values()) {
      if (each.word().equals(word)) {
        return each;
      }
    }
    throw new IllegalArgumentException("'" + word + "' is none of lineage, repository and none");
  }
}
