package dev.moorage.storage;

import dev.moorage.snapshot.Ranges;
import dev.moorage.volume.ByteSize;
import java.io.IOException;

/**
 * Which ranges of a snapshot hold data, or may differ from an older one. It stays readable while it is open, even when the snapshots are
 * deleted meanwhile. For one thread.
 *
 * @param size of the snapshot's image
 */
public record SnapshotBlocks(ByteSize size, Ranges ranges) implements AutoCloseable {

  @Override
  public void close() throws IOException {
    ranges.close();
  }
}
