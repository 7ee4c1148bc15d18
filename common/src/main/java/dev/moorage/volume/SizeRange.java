package dev.moorage.volume;

import java.util.Optional;

/** The sizes that a creator accepts: at least {@code required}, at most {@code limit} when there is one. */
public record SizeRange(ByteSize required, Optional<ByteSize> limit) {

  private static final long MEBIBYTE = 1 << 20;

  public SizeRange {
    if (limit.isPresent() && limit.get().compareTo(required) < 0) {
      throw new IllegalArgumentException("the limit " + limit.get() + " is below the required size " + required);
    }
  }

  /**
   * What a user asks for in so many words: that size, up to the next mebibyte, since blocks are whole. A smaller source or
   * filesystem is no excuse for more.
   *
   * @throws IllegalArgumentException with a sentence for the user when it is not a size, or none
   */
  public static SizeRange parse(String text) {
    ByteSize size = ByteSize.parsePositive(text);
    try {
      return new SizeRange(size, Optional.of(size.roundUpTo(MEBIBYTE)));
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException("'" + text + "' is too large", e);
    }
  }

  public static SizeRange exactly(ByteSize size) {
    return new SizeRange(size, Optional.of(size));
  }

  public static SizeRange atLeast(ByteSize size) {
    return new SizeRange(size, Optional.empty());
  }

  public boolean contains(ByteSize size) {
    return size.compareTo(required) >= 0 && (limit.isEmpty() || size.compareTo(limit.get()) <= 0);
  }
}
