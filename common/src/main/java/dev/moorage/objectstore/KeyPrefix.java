package dev.moorage.objectstore;

import java.util.Optional;

/**
 * The part of a bucket that a store keeps its objects in: what stands before every key there and that callers do not see.
 *
 * @param value empty, or a text that ends with a slash
 */
public record KeyPrefix(String value) {

  /** Longest prefix, so that with it every {@link ObjectKey} fits into the 1,024 bytes of a key that all stores have. */
  public static final int LENGTH_MAX = 500;

  /**
   * The prefix of a location.
   *
   * @throws ObjectStoreException.Invalid when it cannot stand before a key
   */
  public static KeyPrefix of(StoreLocation location) throws ObjectStoreException.Invalid {
    String prefix = location.prefix();
    if (prefix.isEmpty()) {
      return new KeyPrefix("");
    }
    if (!ObjectKey.isKey(prefix) || prefix.length() >= LENGTH_MAX) {
      throw new ObjectStoreException.Invalid("open " + location, "its prefix is no key of an object",
          "Use at most " + LENGTH_MAX + " letters, digits, '_', '-', '.' and '=', and '/' between them", null);
    }
    return new KeyPrefix(prefix + "/");
  }

  /** What the bucket calls an object, or a text that keys are compared with. */
  public String inBucket(String key) {
    return value + key;
  }

  /** What callers call an object of the bucket; empty when it is none of ours. */
  public Optional<ObjectKey> key(String nameInBucket) {
    return nameInBucket.startsWith(value) && ObjectKey.isKey(nameInBucket.substring(value.length()))
        ? Optional.of(new ObjectKey(nameInBucket.substring(value.length())))
        : Optional.empty();
  }

  /** What callers call a text of the bucket that begins with this prefix. */
  public String text(String inBucket) {
    return inBucket.substring(value.length());
  }
}
