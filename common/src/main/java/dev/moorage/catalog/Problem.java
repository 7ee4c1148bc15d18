package dev.moorage.catalog;

import java.nio.file.Path;

/**
 * Something in a pool that the catalog could not make sense of or could not finish, and left as it is. It never hinders anything
 * else.
 *
 * @param path where it stands
 * @param reason what is wrong with it, without a full stop
 * @param remedy what the operator can do
 */
public record Problem(Path path, String reason, String remedy) {

  @Override
  public String toString() {
    return path + ": " + reason + ". " + remedy;
  }
}
