package dev.moorage.repository.restore;

import java.util.function.LongConsumer;

/** How much of a volume is restored: what is written, and the holes beside it. It only grows. Safe for use by several threads. */
final class RestoredBytes {

  private final LongConsumer listener;
  private long bytes;

  /** {@code bytes} are those of an earlier attempt. */
  RestoredBytes(long bytes, LongConsumer listener) {
    this.bytes = bytes;
    this.listener = listener;
    listener.accept(bytes);
  }

  synchronized void more(long count) {
    bytes += count;
    listener.accept(bytes);
  }
}
