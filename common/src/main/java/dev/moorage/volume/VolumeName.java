package dev.moorage.volume;

/**
 * The caller's name of a volume, unique per owner. The constructor throws {@link IllegalArgumentException} with a
 * sentence for the user when the text is not one.
 */
public record VolumeName(String value) {

  public VolumeName {
    Names.check("volume", value);
  }

  @Override
  public String toString() {
    return value;
  }
}
