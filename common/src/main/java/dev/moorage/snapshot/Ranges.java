package dev.moorage.snapshot;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The ranges of an image that must be read, in ascending order and without overlaps; neighbours are joined. A walk holds a constant
 * amount of memory, however many ranges there are. For one thread at a time.
 */
public interface Ranges extends AutoCloseable {

  /** The next range, or null after the last one. */
  @Nullable Range next() throws IOException;

  /**
   * Whether what was said can be relied on, asked after the last range: false when a map was seen to change during the walk, which a
   * sealed image's never does. Then everything must be read.
   */
  boolean confirm() throws IOException;

  @Override
  void close() throws IOException;
}
