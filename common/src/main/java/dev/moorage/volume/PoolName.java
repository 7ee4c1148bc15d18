package dev.moorage.volume;

/**
 * The name of a pool on its host. The constructor throws {@link IllegalArgumentException} with a sentence for the
 * user when the text is not one.
 */
public record PoolName(String value) {

  public PoolName {
    Names.check("pool", value);
  }

  @Override
  public String toString() {
    return value;
  }
}
