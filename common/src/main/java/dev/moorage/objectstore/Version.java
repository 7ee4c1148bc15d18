package dev.moorage.objectstore;

/**
 * What a store calls one state of one object (an entity tag, a generation). Opaque: it can be compared for equality and handed back
 * to {@link ObjectStore#replaceIfMatch}. Two different contents of one key never have the same version; the same content written
 * again may.
 */
public record Version(String value) {

  @Override
  public String toString() {
    return value;
  }
}
