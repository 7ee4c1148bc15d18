package dev.moorage.repository.backup;

import dev.moorage.objectstore.ObjectStore;
import dev.moorage.repository.SessionId;
import dev.moorage.repository.key.KeyRing;
import dev.moorage.repository.map.Leaf;
import dev.moorage.repository.map.Root;
import dev.moorage.repository.map.RootBuilder;
import dev.moorage.repository.pack.BlobRef;
import dev.moorage.snapshot.Ranges;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Stores what an image holds: new blocks and a new map as packs, and nothing that is stored already. It commits nothing; when it
 * returns, every pack that the map refers to is stored, and may be committed.
 *
 * <p><b>Memory</b> does not depend on the size of the image: a few MiB for each worker, one leaf each, a table of at most 32 MiB of
 * the blocks it met, and the root, about a MiB for each TiB. Finished packs wait in spool files, of which there are a few; where blocks are
 * that may be used again is a file there, too.
 *
 * <p><b>Failure.</b> After an exception, or a crash, the packs that were stored may be used again, all of them: give them as {@code reusable} to
 * the next attempt. Spool files of a crash are left in the spool directory, to be deleted before the next attempt.
 */
public final class Backup {

  /** While one waits for the disk, another one has the core. */
  private static final int WORKERS_PER_CORE = 3;

  /** More would not help a small host, and each takes memory. */
  private static final int WORKERS_MAX = 8;

  private final ObjectStore store;
  private final KeyRing ring;
  private final Request request;
  private final BackupStats stats;

  /**
   * What to store.
   *
   * @param image does not change meanwhile; it is closed by whoever opened it
   * @param ranges what must be read of it: what changed since the parent, or everything that it holds
   * @param parent the map of a snapshot that may be built upon; null for none
   * @param parentParts where the parts of that map are; they are the new map's when nothing changed
   * @param isIncremental whether {@code ranges} are what changed since the parent
   * @param claimed what changed since the parent by the word of the extent maps, to be compared with what is found; null when there is
   *     nothing to compare, as when {@code ranges} are that
   * @param reusable packs in which content is looked for wherever it was; they are read once, and closed by whoever made it
   * @param spool an empty directory on a local disk
   */
  public record Request(
      ImageSource image,
      Ranges ranges,
      int blockBytes,
      @Nullable Root parent,
      List<BlobRef> parentParts,
      boolean isIncremental,
      @Nullable Ranges claimed,
      SessionId session,
      ReusablePacks reusable,
      Path spool) {}

  public Backup(ObjectStore store, KeyRing ring, Request request, BackupStats stats) {
    this.store = store;
    this.ring = ring;
    this.request = request;
    this.stats = stats;
  }

  /** Where the parts of the new root are. */
  public List<BlobRef> run() throws IOException {
    try (Uploads uploads = new Uploads(store, stats)) {
      PackStreams streams = new PackStreams(ring, request.session, request.spool, uploads);
      try (ReusableBlocks reusable = ReusableBlocks.make(request.reusable, streams); MapStream map = new MapStream(ring, streams)) {
        BackupContext context = new BackupContext(store, request.image, request.blockBytes, request.parent, request.isIncremental, streams, map,
            new SeenBlocks(), reusable, stats);
        Root root = leaves(context);
        boolean same = request.parent != null && root.isSameAs(request.parent);
        List<BlobRef> parts = same ? request.parentParts : map.finish(root);
        uploads.finish();
        return parts;
      }
    }
  }

  private Root leaves(BackupContext context) throws IOException {
    long size = context.source().size();
    RootAssembly assembly = new RootAssembly(new RootBuilder(size, request.blockBytes), request.parent, request.isIncremental);
    LeafPlans plans = request.claimed == null ? new LeafPlans(request.ranges, grownTail(size), size, request.blockBytes)
        : new LeafPlans(request.ranges, grownTail(size), parentLeaves(), new ClaimedBlocks(request.claimed, size, request.blockBytes), size,
            request.blockBytes);
    int workers = Math.min(WORKERS_PER_CORE * Runtime.getRuntime().availableProcessors(), WORKERS_MAX);
    ExecutorService executor =
        Executors.newFixedThreadPool(workers, Thread.ofPlatform().name("moorage-backup-", 1).factory());
    try {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < workers; i++) {
        running.add(executor.submit(() -> {
          work(context, plans, assembly);
          return null;
        }));
      }
      await(running);
    } finally {
      // All of them end before what they use is closed.
      executor.shutdownNow();
      executor.close();
    }
    if (!request.ranges.confirm() || (request.claimed != null && !request.claimed.confirm())) {
      throw new ChangedMapException(request.image);
    }
    return assembly.finish();
  }

  /** All that the parent has: what is a hole now is not read, and must have been told of, too. */
  private NavigableSet<Integer> parentLeaves() {
    NavigableSet<Integer> leaves = new TreeSet<>();
    Root parent = request.parent;
    for (int position = 0; parent != null && position < parent.leafCount(); position++) {
      leaves.add(parent.leafIndex(position));
    }
    return leaves;
  }

  /** A leaf whose last block was cut short by the end of the parent's volume, and is longer now: nothing says that it changed. */
  private NavigableSet<Integer> grownTail(long size) {
    NavigableSet<Integer> leaves = new TreeSet<>();
    Root parent = request.parent;
    if (parent != null && request.isIncremental && parent.volumeBytes() != size && parent.volumeBytes() % request.blockBytes != 0) {
      leaves.add(Leaf.indexOf(parent.blockCount() - 1));
    }
    return leaves;
  }

  private static void work(BackupContext context, LeafPlans plans, RootAssembly assembly) throws IOException {
    try (LeafWorker worker = new LeafWorker(context)) {
      for (LeafPlan plan = plans.next(); plan != null; plan = plans.next()) {
        if (Thread.currentThread().isInterrupted()) {
          throw new IOException("the backup was interrupted");
        }
        assembly.done(plan.sequence(), worker.work(plan));
      }
      worker.finish();
    }
  }

  private static void await(List<Future<?>> running) throws IOException {
    for (Future<?> each : running) {
      try {
        each.get();
      } catch (ExecutionException e) {
        switch (e.getCause()) {
          case IOException failure -> throw failure;
          case RuntimeException bug -> throw bug;
          case null, default -> throw new IllegalStateException("a backup failed unexpectedly", e);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("the backup was interrupted", e);
      }
    }
  }
}
