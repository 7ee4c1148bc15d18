package dev.moorage.repository.backup;

import dev.moorage.repository.map.Leaf;
import dev.moorage.repository.map.LeafBuilder;
import dev.moorage.repository.map.LeafCodec;
import dev.moorage.repository.map.Root;
import dev.moorage.repository.pack.BlobId;
import dev.moorage.repository.pack.BlobRef;
import dev.moorage.repository.pack.BlobSealer;
import dev.moorage.repository.pack.PackKind;
import dev.moorage.repository.pack.StoredBlobs;
import java.io.IOException;
import java.util.BitSet;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Works off leaves: reads the planned blocks, finds out which of them are stored already, and seals the others into packs of its own.
 * Several workers share a backup, each on its own thread. Besides its buffers it holds one leaf.
 */
final class LeafWorker implements AutoCloseable {

  private static final int READ_BYTES = 1 << 20;

  private final BackupContext context;
  private final int blockBytes;
  private final byte[] buffer;
  private final ImageSource.Reader image;
  private final BlobSealer sealer;
  private final PackStream packs;
  private final StoredBlobs parentBlobs;

  LeafWorker(BackupContext context) {
    this.context = context;
    this.blockBytes = context.blockBytes();
    this.buffer = new byte[Math.max(READ_BYTES, blockBytes)];
    this.image = context.source().reader(buffer.length);
    this.sealer = new BlobSealer(context.streams().ring(), blockBytes);
    this.packs = new PackStream(context.streams(), PackKind.DATA, sealer, blockBytes);
    this.parentBlobs = new StoredBlobs(context.store(), context.streams().ring());
  }

  /** The leaf under way. */
  private static final class Work {
    final int index;
    final @Nullable Leaf parent;
    final LeafBuilder builder;
    final @Nullable BitSet claimed;
    boolean changed;

    Work(LeafPlan plan, @Nullable Leaf parent, LeafBuilder builder) {
      this.index = plan.leaf();
      this.parent = parent;
      this.builder = builder;
      this.claimed = plan.claimed();
    }
  }

  /** Does what the plan says. */
  RootAssembly.Done work(LeafPlan plan) throws IOException {
    @Nullable Leaf parent = parentLeaf(plan.leaf());
    LeafBuilder builder = parent != null && context.isIncremental() ? new LeafBuilder(parent) : new LeafBuilder(plan.leaf());
    Work work = new Work(plan, parent, builder);
    work.changed = context.hasOtherEnd(plan.leaf());
    BitSet slots = plan.slots();
    for (int from = slots.nextSetBit(0); from >= 0;) {
      int to = Math.min(slots.nextClearBit(from), from + buffer.length / blockBytes);
      blocks(work, from, to);
      from = slots.nextSetBit(to);
    }
    if (!context.isIncremental() && parent != null) {
      work.changed |= hasUnread(work, parent, slots);
    }
    if (parent != null && !work.changed) {
      return new RootAssembly.Done.Kept(plan.leaf());
    }
    Optional<Leaf> leaf = work.builder.build();
    if (leaf.isEmpty()) {
      return new RootAssembly.Done.Zeros(plan.leaf());
    }
    context.stats().leaf();
    return context.map().add(leaf.get());
  }

  private @Nullable Leaf parentLeaf(int index) throws IOException {
    Root parent = context.parent();
    int position = parent == null ? -1 : parent.findLeaf(index);
    if (parent == null || position < 0) {
      return null;
    }
    BlobRef ref = parent.leafRef(position);
    byte[] text = parentBlobs.read(ref);
    return LeafCodec.decode(ref.toString(), index, text, text.length);
  }

  /** Whether the parent has a block that is not even read, because it is a hole now. */
  private boolean hasUnread(Work work, Leaf parent, BitSet read) {
    boolean found = false;
    for (int slot = parent.nextPresent(0); slot >= 0; slot = slot + 1 < Leaf.BLOCKS ? parent.nextPresent(slot + 1) : -1) {
      if (!read.get(slot)) {
        found = true;
        differs(work, slot);
      }
    }
    return found;
  }

  /** A block is not the parent's. Its last one may have grown, of which no map tells. */
  private void differs(Work work, int slot) {
    if (work.claimed != null && !work.claimed.get(slot) && context.isWholeInBoth(work.index, slot)) {
      context.stats().unexplained();
    }
  }

  private void blocks(Work work, int from, int to) throws IOException {
    long offset = ((long) work.index * Leaf.BLOCKS + from) * blockBytes;
    int length = (int) Math.min((long) (to - from) * blockBytes, context.source().size() - offset);
    image.read(offset, buffer, length);
    context.stats().read(length);
    for (int slot = from; slot < to; slot++) {
      int at = (slot - from) * blockBytes;
      block(work, slot, at, Math.min(blockBytes, length - at));
    }
  }

  private void block(Work work, int slot, int at, int length) throws IOException {
    Leaf parent = work.parent;
    if (Zeros.fill(buffer, at, length)) {
      context.stats().zero();
      work.builder.clear(slot);
      if (parent != null && parent.isPresent(slot)) {
        work.changed = true;
        differs(work, slot);
      }
      return;
    }
    BlobId id = sealer.id(buffer, at, length);
    if (parent != null && parent.holds(slot, id) && context.hasSameLength(work.index, slot, length)) {
      context.stats().known();
      work.builder.put(slot, id, parent.ref(slot, length));
      return;
    }
    work.changed = true;
    differs(work, slot);
    SeenBlocks.Place place = context.find(id);
    if (place != null) {
      context.stats().known();
      work.builder.put(slot, id, new BlobRef(context.streams().pack(place.pack()), place.ordinal(), place.offset(),
          place.sealedLength(), length));
      return;
    }
    BlobRef ref = packs.add(id, buffer, at, length);
    context.stats().stored(ref.sealedLength());
    context.seen().put(id.high(), id.low(), new SeenBlocks.Place(packs.number(), ref.ordinal(), ref.offset(), ref.sealedLength()));
    work.builder.put(slot, id, ref);
  }

  /** Ends the last pack. */
  void finish() throws IOException {
    packs.finish();
  }

  @Override
  public void close() throws IOException {
    packs.close();
    sealer.close();
    parentBlobs.close();
  }
}
