package dev.moorage.repository.backup;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** What a backup has done so far. Safe for use by several threads. */
public final class BackupStats {

  /** The name of {@link #blocksUnexplained} among the figures; absent when there were none. */
  public static final String UNEXPLAINED = "blocksUnexplained";

  private final LongAdder bytesRead = new LongAdder();
  private final LongAdder blocksZero = new LongAdder();
  private final LongAdder blocksKnown = new LongAdder();
  private final LongAdder blocksStored = new LongAdder();
  private final LongAdder bytesSealed = new LongAdder();
  private final LongAdder bytesSent = new LongAdder();
  private final LongAdder leavesWritten = new LongAdder();
  private final LongAdder blocksUnexplained = new LongAdder();

  void read(int bytes) {
    bytesRead.add(bytes);
  }

  void zero() {
    blocksZero.increment();
  }

  void known() {
    blocksKnown.increment();
  }

  void stored(int sealedBytes) {
    blocksStored.increment();
    bytesSealed.add(sealedBytes);
  }

  void sent(long bytes) {
    bytesSent.add(bytes);
  }

  void leaf() {
    leavesWritten.increment();
  }

  void unexplained() {
    blocksUnexplained.increment();
  }

  /**
   * Blocks that differ from the parent although the extent maps said that they do not: when this is not zero, the maps lie, and what was
   * stored by their word since everything was last read may lack changes.
   */
  public long blocksUnexplained() {
    return blocksUnexplained.sum();
  }

  /** Bytes of the image that were read. */
  public long bytesRead() {
    return bytesRead.sum();
  }

  /** Bytes of new blocks as they are stored, without maps. */
  public long bytesSealed() {
    return bytesSealed.sum();
  }

  /**
   * Bytes of the image with which nothing is left to do: what was read, without what waits to be sent. The latter is counted as it is
   * stored, which is less than it is in the image; but nothing is left to do only when all of it is there.
   */
  public long bytesDone() {
    long sent = bytesSent.sum();
    return Math.max(0, bytesRead.sum() - Math.max(0, bytesSealed.sum() - sent));
  }

  /** Blocks that were not stored before. */
  public long blocksStored() {
    return blocksStored.sum();
  }

  /** For the history: every count by its name. */
  public Map<String, Long> figures() {
    Map<String, Long> figures = new LinkedHashMap<>();
    figures.put("bytesRead", bytesRead.sum());
    figures.put("blocksZero", blocksZero.sum());
    figures.put("blocksKnown", blocksKnown.sum());
    figures.put("blocksStored", blocksStored.sum());
    figures.put("bytesSealed", bytesSealed.sum());
    figures.put("leavesWritten", leavesWritten.sum());
    if (blocksUnexplained() > 0) {
      figures.put(UNEXPLAINED, blocksUnexplained());
    }
    return figures;
  }
}
