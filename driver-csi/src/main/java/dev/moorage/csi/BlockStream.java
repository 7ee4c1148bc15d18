package dev.moorage.csi;

import dev.moorage.csi.proto.BlockMetadata;
import dev.moorage.csi.proto.BlockMetadataType;
import dev.moorage.csi.proto.GetMetadataAllocatedResponse;
import dev.moorage.csi.proto.GetMetadataDeltaResponse;
import dev.moorage.snapshot.Range;
import dev.moorage.storage.SnapshotBlocks;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeException.Corrupt;
import dev.moorage.volume.VolumeException.InvalidArgument;
import dev.moorage.volume.VolumeException.OutOfRange;
import dev.moorage.volume.VolumeException.Unavailable;
import io.grpc.stub.ServerCallStreamObserver;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/** Ranges on their way to one caller, a few at a time: memory does not depend on how many there are. */
public final class BlockStream {

  /** Some ranges of one answer. */
  public record Batch(long capacity, List<BlockMetadata> ranges) {

    public GetMetadataAllocatedResponse allocated() {
      return GetMetadataAllocatedResponse.newBuilder().setBlockMetadataType(BlockMetadataType.VARIABLE_LENGTH)
          .setVolumeCapacityBytes(capacity).addAllBlockMetadata(ranges).build();
    }

    public GetMetadataDeltaResponse delta() {
      return GetMetadataDeltaResponse.newBuilder().setBlockMetadataType(BlockMetadataType.VARIABLE_LENGTH)
          .setVolumeCapacityBytes(capacity).addAllBlockMetadata(ranges).build();
    }
  }

  private static final int RANGES_MAX = 1000;
  private static final long LOOK_NANOS = Duration.ofMillis(1).toNanos();

  private final String action;
  private final SnapshotBlocks blocks;
  private final long offset;
  private final int max;

  /** {@code max} 0 leaves the number of ranges in a message to us. */
  public BlockStream(String action, SnapshotBlocks blocks, long offset, int max) throws VolumeException {
    long size = blocks.size().bytes();
    if (offset < 0 || offset > size) {
      throw new OutOfRange(action, "the starting_offset " + offset + " is not in the snapshot, which has " + size + " bytes", "");
    }
    if (max < 0) {
      throw new InvalidArgument(action, "max_results is negative", "0 leaves it to the driver");
    }
    this.action = action;
    this.blocks = blocks;
    this.offset = offset;
    this.max = max == 0 ? RANGES_MAX : Math.min(max, RANGES_MAX);
  }

  /** Sends all of them and ends the call; it ends normally only after all. */
  public <T> void send(ServerCallStreamObserver<T> caller, Function<Batch, T> message) throws VolumeException {
    try {
      sendAll(caller, message);
    } catch (IOException e) {
      throw new Unavailable(action, "its map cannot be read: " + e.getMessage(), "Ask again, from where the last answer ended", e);
    }
  }

  private <T> void sendAll(ServerCallStreamObserver<T> caller, Function<Batch, T> message) throws IOException, VolumeException {
    List<BlockMetadata> batch = new ArrayList<>();
    for (Range range = blocks.ranges().next(); range != null; range = blocks.ranges().next()) {
      if (range.end() <= offset) {
        continue;
      }
      batch.add(BlockMetadata.newBuilder().setByteOffset(range.offset()).setSizeBytes(range.length()).build());
      if (batch.size() == max) {
        if (!awaitReady(caller)) {
          return;
        }
        caller.onNext(message.apply(new Batch(blocks.size().bytes(), batch)));
        batch = new ArrayList<>();
      }
    }
    if (!blocks.ranges().confirm()) {
      throw new Corrupt(action, "the map of a sealed image has changed while it was read", "See the kernel's log");
    }
    if (!caller.isCancelled()) {
      caller.onNext(message.apply(new Batch(blocks.size().bytes(), batch)));
      caller.onCompleted();
    }
  }

  /** Waits until the transport takes more; false when the caller has gone. Its call-backs wait for this thread, so it looks itself. */
  public static boolean awaitReady(ServerCallStreamObserver<?> caller) {
    while (!caller.isReady()) {
      if (caller.isCancelled()) {
        return false;
      }
      LockSupport.parkNanos(LOOK_NANOS);
    }
    return true;
  }
}
