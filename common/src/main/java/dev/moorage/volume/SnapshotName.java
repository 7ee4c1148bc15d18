package dev.moorage.volume;

/**
 * The name of a snapshot among those of its volume, as in {@code db@before}. The constructor throws {@link
 * IllegalArgumentException} with a sentence for the user when the text is not one.
 */
public record SnapshotName(String value) {

  public SnapshotName {
    Names.check("snapshot", value);
  }

  @Override
  public String toString() {
    return value;
  }
}
