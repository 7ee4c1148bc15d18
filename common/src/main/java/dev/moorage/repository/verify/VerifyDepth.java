package dev.moorage.repository.verify;

/** How much of a repository is read to verify it. */
public enum VerifyDepth {
  /** Every entry, root and leaf, and that each pack they name is there: about a thousandth of the bytes. */
  MAPS("maps"),
  /** Also header and footer of each pack, and that each block stands in its pack as the map says. */
  OBJECTS("objects"),
  /** Also every byte of the packs, or of a sample of them. */
  BYTES("bytes");

  private final String word;

  VerifyDepth(String word) {
    this.word = word;
  }

  /** Its word on the command line. */
  public String word() {
    return word;
  }
}
