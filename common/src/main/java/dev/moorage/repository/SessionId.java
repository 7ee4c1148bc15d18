package dev.moorage.repository;

import java.security.SecureRandom;

/** One run of a writer or a reader. Drawn for each; its text form is 32 lower-case hexadecimal digits. */
public record SessionId(Hex128 bits) {

  /** A new id. */
  public static SessionId random(SecureRandom random) {
    return new SessionId(Hex128.random(random));
  }

  /**
   * Reads the text form.
   *
   * @throws IllegalArgumentException when it is none
   */
  public static SessionId parse(String text) {
    return new SessionId(Hex128.parse(text));
  }

  @Override
  public String toString() {
    return bits.toString();
  }
}
