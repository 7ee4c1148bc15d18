package dev.moorage.volume;

/**
 * The name of a repository on its host. The constructor throws {@link IllegalArgumentException} with a sentence for the user when the
 * text is not one.
 */
public record RepositoryName(String value) {

  public RepositoryName {
    Names.check("repository", value);
  }

  @Override
  public String toString() {
    return value;
  }
}
