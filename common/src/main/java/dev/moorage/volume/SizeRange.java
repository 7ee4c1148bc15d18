package dev.moorage.volume;

import java.util.Optional;

/** The sizes that a creator accepts: at least {@code required}, at most {@code limit} when there is one. */
public record SizeRange(ByteSize required, Optional<ByteSize> limit) {

  public SizeRange {
    if (limit.isPresent() && limit.get().compareTo(required) < 0) {
      throw new IllegalArgumentException("the limit " + limit.get() + " is below the required size " + required);
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
