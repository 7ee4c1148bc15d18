package dev.moorage.repository.restore;

import dev.moorage.failpoint.Failpoint;
import dev.moorage.linux.DirectFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.IntConsumer;

/** Gathers blocks that follow each other, and writes them at once. One thread at a time. */
final class RunWriter {

  /** Enough for a disk; all runs of a restore together stay in the processor's cache, and cost more to fill when they do not. */
  private static final int RUN_BYTES = 256 << 10;

  private final RestoreTarget target;
  private final IntConsumer written;
  private final ByteBuffer run;
  /** Where the run begins. */
  private long offset;

  /** {@code written} is told of the bytes of each write. */
  RunWriter(RestoreTarget target, int blockBytes, IntConsumer written) {
    this.target = target;
    this.written = written;
    this.run = DirectFile.buffer(Math.max(RUN_BYTES, blockBytes), target.grain());
  }

  /** Gives up what is gathered and not written. */
  void begin() {
    run.clear();
  }

  /**
   * Where to put the text of a block, from the position on, which is to be at its end afterwards. Writes the run before, unless the block
   * continues it.
   */
  ByteBuffer room(long at, int length) throws IOException {
    if (at != offset + run.position() || run.remaining() < length) {
      flush();
    }
    if (run.position() == 0) {
      offset = at;
    }
    return run;
  }

  /** Writes what is gathered. */
  void flush() throws IOException {
    if (run.position() > 0) {
      int length = run.position();
      target.write(offset, run.flip());
      Failpoint.RESTORE_RUN_WRITTEN.reach();
      run.clear();
      written.accept(length);
    }
  }
}
