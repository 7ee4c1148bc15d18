package dev.moorage.repository.pack;

/** What the blobs of a pack are. The codes are the format's. */
public enum PackKind {
  /** Blocks of volumes. */
  DATA(1),
  /** Leaves and parts of roots. */
  MAP(2);

  private final int code;

  PackKind(int code) {
    this.code = code;
  }

  int code() {
    return code;
  }
}
