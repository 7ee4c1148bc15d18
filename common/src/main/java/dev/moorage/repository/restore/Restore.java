package dev.moorage.repository.restore;

import dev.moorage.failpoint.Failpoint;
import dev.moorage.objectstore.ObjectStore;
import dev.moorage.repository.key.KeyRing;
import dev.moorage.repository.map.Leaf;
import dev.moorage.repository.map.LeafCodec;
import dev.moorage.repository.map.Root;
import dev.moorage.repository.pack.BlobRef;
import dev.moorage.repository.pack.CipherRehearsal;
import dev.moorage.repository.pack.StoredBlobs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Restores a snapshot into a file, by many range reads at once, each decoded and written as it arrives. What is planned and held in
 * memory is a window of a few leaves, whatever the size of the volume.
 *
 * <p><b>Resuming.</b> A journal says up to which leaf everything is written and durable; the next attempt goes on from there.
 *
 * <p><b>Integrity.</b> Every block is authenticated before it is written. The first block that cannot be read ends the restore.
 */
public final class Restore {

  private final ObjectStore store;
  private final KeyRing ring;
  private final Root root;
  private final Settings settings;

  /**
   * How to do it.
   *
   * @param inFlight range reads at once; each takes a thread and about a MiB
   * @param checksIds whether each block is also compared with the id that its map has
   * @param progress is told of the bytes of the volume that were restored, holes included; first of those of an earlier attempt. By
   *     several threads, one at a time; a {@link CancellationException} that it throws ends the restore
   */
  public record Settings(int inFlight, boolean checksIds, LongConsumer progress) {}

  public Restore(ObjectStore store, KeyRing ring, Root root, Settings settings) {
    this.store = store;
    this.ring = ring;
    this.root = root;
    this.settings = settings;
  }

  /**
   * Restores into the file, which reads as zeros or is what an earlier attempt with this journal left, and makes it durable.
   *
   * @param journal kept beside the target; deleted by the caller when it needs it no more
   */
  public void into(Path target, RestoreJournal journal) throws IOException {
    int position = journal.leavesDone();
    RestoredBytes restored = new RestoredBytes(bytesUntil(position), settings.progress);
    try (RestoreTarget file = RestoreTarget.open(target, root.blockBytes()); WriteBack writeBack = new WriteBack(file);
        Readers readers = new Readers(file, writeBack, restored)) {
      while (position < root.leafCount()) {
        int end = Math.min(root.leafCount(), position + Window.LEAVES);
        List<Leaf> leaves = leaves(position, end);
        long present = presentBytes(leaves);
        restored.more(bytesUntil(end) - bytesUntil(position) - present);
        if (present >= CipherRehearsal.WORTH_BYTES) {
          CipherRehearsal.beforeOpening();
        }
        Window window = new Window(root, leaves);
        window.claimRuns(file);
        Failpoint.RESTORE_CLAIMED.reach();
        for (Window.Read read : window.reads()) {
          readers.submit(read);
        }
        position = end;
        if (journal.isDue()) {
          readers.await();
          writeBack.flush();
          journal.record(position);
        }
      }
      readers.await();
      writeBack.flush();
      journal.record(root.leafCount());
      restored.more(root.volumeBytes() - bytesUntil(root.leafCount()));
    }
  }

  /** Up to the end of the leaf before this position. */
  private long bytesUntil(int position) {
    return position == 0 ? 0 : Math.min(root.volumeBytes(), (root.leafIndex(position - 1) + 1L) * Leaf.BLOCKS * root.blockBytes());
  }

  private long presentBytes(List<Leaf> leaves) {
    long bytes = 0;
    for (Leaf leaf : leaves) {
      bytes += (long) leaf.presentCount() * root.blockBytes();
      long last = root.blockCount() - 1;
      if (Leaf.indexOf(last) == leaf.index() && leaf.isPresent(Leaf.slotOf(last))) {
        bytes -= root.blockBytes() - root.blockLength(last);
      }
    }
    return bytes;
  }

  private List<Leaf> leaves(int from, int to) throws IOException {
    List<Leaf> leaves = new ArrayList<>();
    try (StoredBlobs blobs = new StoredBlobs(store, ring)) {
      for (int position = from; position < to; position++) {
        BlobRef ref = root.leafRef(position);
        byte[] text = blobs.read(ref);
        leaves.add(LeafCodec.decode(ref.toString(), root.leafIndex(position), text, text.length));
      }
    }
    return leaves;
  }

  /** The threads that read, and the first failure of one of them. */
  private final class Readers implements AutoCloseable {

    private final RestoreTarget target;
    private final WriteBack writeBack;
    private final RestoredBytes restored;
    private final ThreadPoolExecutor threads;
    private final List<RangeReader> idle = new ArrayList<>();
    private final AtomicReference<@Nullable IOException> failure = new AtomicReference<>();
    private final AtomicReference<@Nullable CancellationException> cancellation = new AtomicReference<>();
    private int open;

    Readers(RestoreTarget target, WriteBack writeBack, RestoredBytes restored) {
      this.target = target;
      this.writeBack = writeBack;
      this.restored = restored;
      this.threads = new ThreadPoolExecutor(settings.inFlight, settings.inFlight, 1, TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(2 * settings.inFlight), Thread.ofPlatform().name("moorage-restore-", 1).factory(),
          new ThreadPoolExecutor.CallerRunsPolicy());
    }

    void submit(Window.Read read) throws IOException {
      demandNoFailure();
      synchronized (this) {
        open++;
      }
      threads.execute(() -> run(read));
    }

    private void run(Window.Read read) {
      RangeReader reader = take();
      try {
        if (failure.get() == null) {
          reader.read(read);
        }
      } catch (IOException e) {
        failure.compareAndSet(null, e);
      } catch (CancellationException e) {
        cancellation.compareAndSet(null, e);
        failure.compareAndSet(null, new IOException("the restore was cancelled", e));
      } catch (RuntimeException | Error e) {
        failure.compareAndSet(null, new IOException("a restore failed unexpectedly", e));
      } finally {
        give(reader);
      }
    }

    private synchronized RangeReader take() {
      if (!idle.isEmpty()) {
        return idle.removeLast();
      }
      return new RangeReader(store, ring, root.blockBytes(), settings.checksIds, new RunWriter(target, root.blockBytes(), length -> {
        writeBack.wrote(length);
        restored.more(length);
      }));
    }

    private synchronized void give(RangeReader reader) {
      idle.add(reader);
      open--;
      notifyAll();
    }

    /** Waits until everything that was submitted is written. */
    synchronized void await() throws IOException {
      while (open > 0) {
        try {
          wait();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new IOException("the restore was interrupted", e);
        }
      }
      demandNoFailure();
    }

    private void demandNoFailure() throws IOException {
      CancellationException cancelled = cancellation.get();
      if (cancelled != null) {
        throw cancelled;
      }
      IOException first = failure.get();
      if (first != null) {
        throw first;
      }
    }

    @Override
    public void close() {
      failure.compareAndSet(null, new IOException("the restore has ended"));
      threads.close();
      synchronized (this) {
        idle.forEach(RangeReader::close);
      }
    }
  }
}
