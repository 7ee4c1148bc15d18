package dev.moorage.repository.backup;

import java.util.Arrays;

/** Finds blocks of nothing but zeros, with the processor's vector instructions. */
final class Zeros {

  private static final byte[] ZEROS = new byte[64 << 10];

  private Zeros() {}

  static boolean fill(byte[] bytes, int offset, int length) {
    // Most blocks that are not zeros show it at once.
    if (length > 0 && (bytes[offset] != 0 || bytes[offset + length - 1] != 0)) {
      return false;
    }
    for (int from = offset; from < offset + length; from += ZEROS.length) {
      int part = Math.min(ZEROS.length, offset + length - from);
      if (Arrays.mismatch(bytes, from, from + part, ZEROS, 0, part) >= 0) {
        return false;
      }
    }
    return true;
  }
}
