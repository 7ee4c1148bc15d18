package dev.moorage.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Arrays;

/** Damages bytes in every way that tests look for. */
public final class Flips {

  private Flips() {}

  /** Reads what was written. */
  public interface Reading {
    void read(byte[] content) throws IOException;
  }

  /** Every single flipped bit makes the reading fail as unreadable. */
  public static void everyFlippedBitIsFound(byte[] content, Reading reading) {
    for (int bit = 0; bit < content.length * Byte.SIZE; bit++) {
      byte[] flipped = content.clone();
      flipped[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
      assertThatThrownBy(() -> reading.read(flipped)).as("bit %s", bit).isInstanceOf(UnreadableException.class);
    }
  }

  /** Every shorter and some longer content makes the reading fail as unreadable. */
  public static void everyOtherLengthIsFound(byte[] content, Reading reading) throws IOException {
    reading.read(content);
    for (int length = 0; length < content.length; length++) {
      byte[] cut = Arrays.copyOf(content, length);
      assertThatThrownBy(() -> reading.read(cut)).as("%s bytes", length).isInstanceOf(UnreadableException.class);
    }
    assertThat(content.length).isPositive();
    byte[] longer = Arrays.copyOf(content, content.length + 1);
    assertThatThrownBy(() -> reading.read(longer)).isInstanceOf(UnreadableException.class);
  }
}
