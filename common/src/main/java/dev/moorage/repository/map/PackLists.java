package dev.moorage.repository.map;

import java.util.Arrays;
import java.util.NoSuchElementException;
import java.util.PrimitiveIterator;

/**
 * Ascending lists of pack numbers, one per leaf, in few bytes: each number as its distance to the one before it (the first to -1) less
 * one, seven bits a byte, the lowest first, the highest bit set in all bytes but the last. Grows only; one thread at a time while
 * it does.
 */
final class PackLists {

  private static final int MORE = 0x80;
  private static final int BITS = 7;

  private byte[] bytes;
  private int[] ends;
  private int count;

  PackLists() {
    this(64, 16);
  }

  PackLists(int bytesExpected, int listsExpected) {
    bytes = new byte[bytesExpected];
    ends = new int[listsExpected];
  }

  int count() {
    return count;
  }

  /** Adds a list: ascending, no number twice. */
  void add(int[] numbers) {
    int end = end();
    int previous = -1;
    for (int number : numbers) {
      if (number <= previous) {
        throw new IllegalArgumentException("the numbers of a list must ascend: " + Arrays.toString(numbers));
      }
      if (bytes.length - end < 5) {
        bytes = Arrays.copyOf(bytes, 2 * bytes.length + 5);
      }
      int rest = number - previous - 1;
      while (rest >= MORE) {
        bytes[end++] = (byte) (rest | MORE);
        rest >>>= BITS;
      }
      bytes[end++] = (byte) rest;
      previous = number;
    }
    close(end);
  }

  /** Adds a list in its bytes, which the caller checks by reading it. */
  void add(byte[] encoded) {
    int end = end();
    if (bytes.length - end < encoded.length) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, end + encoded.length));
    }
    System.arraycopy(encoded, 0, bytes, end, encoded.length);
    close(end + encoded.length);
  }

  /** Gives back what was allocated in advance. */
  void trim() {
    bytes = Arrays.copyOf(bytes, end());
    ends = Arrays.copyOf(ends, count);
  }

  byte[] encoded(int list) {
    return Arrays.copyOfRange(bytes, begin(list), ends[list]);
  }

  PrimitiveIterator.OfInt numbers(int list) {
    return new Numbers(begin(list), ends[list]);
  }

  long heapBytes() {
    return bytes.length + (long) Integer.BYTES * ends.length;
  }

  private int begin(int list) {
    return list == 0 ? 0 : ends[list - 1];
  }

  private int end() {
    return count == 0 ? 0 : ends[count - 1];
  }

  private void close(int end) {
    if (count == ends.length) {
      ends = Arrays.copyOf(ends, 2 * ends.length + 1);
    }
    ends[count++] = end;
  }

  private final class Numbers implements PrimitiveIterator.OfInt {

    private final int end;
    private int at;
    private int previous = -1;

    Numbers(int begin, int end) {
      this.at = begin;
      this.end = end;
    }

    @Override
    public boolean hasNext() {
      return at < end;
    }

    @Override
    public int nextInt() {
      int distance = 0;
      for (int shift = 0; at < end; shift += BITS) {
        byte next = bytes[at++];
        distance |= (next & (MORE - 1)) << shift;
        if (next >= 0) {
          previous += distance + 1;
          return previous;
        }
      }
      throw new NoSuchElementException("the list ends within a number");
    }
  }
}
