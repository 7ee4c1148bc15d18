package dev.moorage.repository.gc;

import dev.moorage.objectstore.ObjectKey;
import dev.moorage.objectstore.ObjectStore;
import dev.moorage.objectstore.ObjectStoreException;
import dev.moorage.repository.history.PackSet;
import dev.moorage.repository.pack.PackName;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Deletes packs, in batches, several at once. */
final class Sweep {

  private static final int BATCH = 1000;

  private final ObjectStore store;
  private final int lanes;
  private final CollectionProgress progress;
  private final PackSet deleted = new PackSet();
  private final PackSet locked = new PackSet();

  Sweep(ObjectStore store, int lanes, CollectionProgress progress) {
    this.store = store;
    this.lanes = lanes;
    this.progress = progress;
  }

  /** Deletes them, and returns whether none was refused; sizes are taken from {@code listed}, and what is not listed is gone already. */
  boolean delete(List<PackName> packs, PackSet listed) throws IOException {
    long refusedBefore = locked.size();
    List<PackName> present = packs.stream().filter(listed::contains).toList();
    for (int from = 0; from < present.size(); from += BATCH) {
      progress.at(CollectionProgress.Stage.DELETING, from, present.size());
      List<PackName> batch = present.subList(from, Math.min(from + BATCH, present.size()));
      PackSet refused = lanes == 1 ? deleteAll(batch) : deleteTogether(batch);
      batch.forEach(pack -> (refused.contains(pack) ? locked : deleted).add(pack, listed.bytes(pack)));
    }
    return locked.size() == refusedBefore;
  }

  /** Deletes one after the other and returns those that may not be deleted. */
  private PackSet deleteAll(List<PackName> packs) throws IOException {
    PackSet refused = new PackSet();
    for (PackName pack : packs) {
      try {
        store.delete(new ObjectKey(pack.key()));
      } catch (ObjectStoreException.Denied e) {
        // Object lock, until its time is up, or a credential that may not: a later collection tries again.
        refused.add(pack);
      }
    }
    return refused;
  }

  private PackSet deleteTogether(List<PackName> batch) throws IOException {
    int share = Math.ceilDiv(batch.size(), lanes);
    PackSet refused = new PackSet();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<PackSet>> parts = new ArrayList<>();
      for (int from = 0; from < batch.size(); from += share) {
        List<PackName> part = batch.subList(from, Math.min(from + share, batch.size()));
        parts.add(() -> deleteAll(part));
      }
      for (Future<PackSet> part : threads.invokeAll(parts)) {
        refused.addAll(part.get());
      }
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException failure ? failure : new IOException("cannot delete packs: " + e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ObjectStoreException.Interrupted("delete packs", e);
    }
    return refused;
  }

  PackSet deleted() {
    return deleted;
  }

  PackSet locked() {
    return locked;
  }
}
