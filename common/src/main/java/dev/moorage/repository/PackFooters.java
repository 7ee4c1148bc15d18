package dev.moorage.repository;

import dev.moorage.objectstore.ObjectStoreException;
import dev.moorage.repository.backup.ReusablePacks;
import dev.moorage.repository.history.WriterSession;
import dev.moorage.repository.map.Root;
import dev.moorage.repository.pack.PackEntry;
import dev.moorage.repository.pack.PackName;
import dev.moorage.repository.pack.PackNames;
import dev.moorage.repository.pack.PackReader;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * What is in packs that a writer may use again, as their footers say it; some are read ahead at once, because waiting for the store is what
 * takes the time. A pack whose footer is damaged is passed over: what is in it is stored again.
 */
final class PackFooters implements ReusablePacks {

  private static final System.Logger LOG = System.getLogger(PackFooters.class.getName());
  private static final int AHEAD = 16;

  /** About 8 TiB that are searched; each name takes memory. What earlier sessions stored is used however much it is. */
  private static final int SEARCHED_MAX = 1 << 18;

  private final Repository repository;
  private final PackNames names;
  private final Deque<Future<List<PackEntry>>> ahead = new ArrayDeque<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  private PackFooters(Repository repository, PackNames names) {
    this.repository = repository;
    this.names = names;
  }

  /** What sessions before this one stored, and then the packs that are searched for what the new snapshot is built upon. */
  static PackFooters of(Repository repository, WriterSession session, List<SessionId> earlier, Foundation foundation) {
    return new PackFooters(repository, PackNames.all(List.of(of(session, earlier), foundation.packs().get().atMost(SEARCHED_MAX))));
  }

  /** What these sessions stored, as far as it exists and stays. */
  private static PackNames of(WriterSession session, List<SessionId> earlier) {
    List<PackNames> walks = new ArrayList<>();
    for (SessionId each : earlier) {
      walks.add(new PackNames() {
        private @Nullable PackNames found;

        @Override
        public @Nullable PackName next() throws IOException {
          PackNames names = found == null ? PackNames.of(session.survivors(each)) : found;
          found = names;
          return names.next();
        }
      });
    }
    return PackNames.all(walks);
  }

  /** All packs that the blocks of a snapshot are in. */
  static PackNames of(Root map) {
    return new PackNames() {
      private int number;

      @Override
      public @Nullable PackName next() {
        return number < map.packCount() ? map.pack(number++) : null;
      }
    };
  }

  @Override
  public @Nullable List<PackEntry> next() throws IOException {
    while (ahead.size() < AHEAD) {
      PackName name = names.next();
      if (name == null) {
        break;
      }
      ahead.add(threads.submit(() -> read(name)));
    }
    Future<List<PackEntry>> first = ahead.poll();
    return first == null ? null : get(first);
  }

  private List<PackEntry> read(PackName pack) throws IOException {
    try (PackReader reader = new PackReader(repository.ring())) {
      return reader.footer(pack, new StoredPack(repository.store(), pack));
    } catch (UnreadableException e) {
      LOG.log(System.Logger.Level.WARNING, "what is in " + pack + " is not used again: " + e.getMessage());
      return List.of();
    }
  }

  private static List<PackEntry> get(Future<List<PackEntry>> footer) throws IOException {
    try {
      return footer.get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case IOException failure -> throw failure;
        case RuntimeException bug -> throw bug;
        case null, default -> throw new IllegalStateException("a footer could not be read", e);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ObjectStoreException.Interrupted("read what is in packs", e);
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
    threads.close();
  }
}
