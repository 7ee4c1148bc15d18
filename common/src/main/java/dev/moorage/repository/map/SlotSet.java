package dev.moorage.repository.map;

/** Which slots of a leaf are present, and how many before a slot. Immutable. */
final class SlotSet {

  static final int WORDS = Leaf.BLOCKS / Long.SIZE;

  private final long[] words;
  private final short[] before = new short[WORDS];
  private final int count;

  /** Takes over the words: bit {@code slot % 64} of word {@code slot / 64}. */
  SlotSet(long[] words) {
    this.words = words;
    int sum = 0;
    for (int i = 0; i < WORDS; i++) {
      before[i] = (short) sum;
      sum += Long.bitCount(words[i]);
    }
    this.count = sum;
  }

  int count() {
    return count;
  }

  long word(int index) {
    return words[index];
  }

  boolean has(int slot) {
    check(slot);
    return (words[slot / Long.SIZE] >>> slot & 1) != 0;
  }

  /** The place of a present slot in the columns. */
  int rank(int slot) {
    if (!has(slot)) {
      throw new IllegalArgumentException("slot " + slot + " is not present");
    }
    long below = words[slot / Long.SIZE] & ((1L << slot) - 1);
    return before[slot / Long.SIZE] + Long.bitCount(below);
  }

  int next(int slot) {
    for (int i = slot / Long.SIZE; i < WORDS; i++) {
      long word = i == slot / Long.SIZE ? words[i] & (-1L << slot) : words[i];
      if (word != 0) {
        return i * Long.SIZE + Long.numberOfTrailingZeros(word);
      }
    }
    return -1;
  }

  private static void check(int slot) {
    if (slot < 0 || slot >= Leaf.BLOCKS) {
      throw new IllegalArgumentException("a leaf has no slot " + slot);
    }
  }
}
