package dev.moorage.repository;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/** Texts as blocks of volumes have them: some compress well, some not at all. */
public final class Texts {

  private Texts() {}

  /** A text of this length; some are random bytes, some hardly differ, some are words. */
  public static byte[] some(RandomGenerator random, int length) {
    byte[] text = new byte[length];
    switch (random.nextInt(3)) {
      case 0 -> random.nextBytes(text);
      case 1 -> Arrays.fill(text, (byte) random.nextInt());
      default -> {
        for (int i = 0; i < length; i++) {
          text[i] = (byte) ('a' + random.nextInt(1 + i % 7));
        }
      }
    }
    return text;
  }
}
