package dev.moorage.snapshot;

/** A run of bytes of an image. */
public record Range(long offset, long length) {

  public Range {
    if (offset < 0 || length <= 0) {
      throw new IllegalArgumentException("a range of " + length + " bytes at " + offset);
    }
  }

  public long end() {
    return offset + length;
  }
}
