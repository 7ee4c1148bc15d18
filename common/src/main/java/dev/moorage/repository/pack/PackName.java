package dev.moorage.repository.pack;

import dev.moorage.repository.Hex128;
import dev.moorage.repository.SessionId;
import java.security.SecureRandom;

/**
 * Which pack: the session that wrote it, and its id, which is drawn anew for every attempt to write one.
 *
 * @param pack of which the pack's key is derived: only the very same bytes may ever be stored under it again
 */
public record PackName(SessionId session, Hex128 pack) {

  /** What the keys of all packs begin with. */
  public static final String PREFIX = "packs/";

  /** The name of a pack that is about to be written. */
  public static PackName random(SessionId session, SecureRandom random) {
    return new PackName(session, Hex128.random(random));
  }

  /**
   * Reads an object's key.
   *
   * @throws IllegalArgumentException when it is not the key of a pack
   */
  public static PackName parse(String key) {
    int slash = key.indexOf('/', PREFIX.length());
    if (!key.startsWith(PREFIX) || slash < 0) {
      throw new IllegalArgumentException("not the key of a pack: " + key);
    }
    return new PackName(SessionId.parse(key.substring(PREFIX.length(), slash)), Hex128.parse(key.substring(slash + 1)));
  }

  /** The object's key. */
  public String key() {
    return PREFIX + session + "/" + pack;
  }

  @Override
  public String toString() {
    return key();
  }
}
