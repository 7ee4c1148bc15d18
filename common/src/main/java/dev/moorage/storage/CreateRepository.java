package dev.moorage.storage;

/**
 * A request for a new repository.
 *
 * @param generatesKey whether the key file of the settings is made now; it must not exist then
 * @param blockBytes the size of its blocks for ever; a power of two from 16 KiB to 1 MiB
 * @param label what the slot of its first key is called, for people
 * @param singleWriter whether it is promised that this host alone will ever write to it: then the store need not be able to refuse
 */
public record CreateRepository(RepositorySettings settings, boolean generatesKey, int blockBytes, String label, boolean singleWriter) {

  /** One that many hosts may share. */
  public CreateRepository(RepositorySettings settings, boolean generatesKey, int blockBytes, String label) {
    this(settings, generatesKey, blockBytes, label, false);
  }

  /** Scattered small writes of databases cost a whole block each; larger blocks compress better and make smaller maps. */
  public static final int BLOCK_BYTES = 64 << 10;
}
