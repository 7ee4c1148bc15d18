package dev.moorage.storage;

import dev.moorage.objectstore.ObjectStoreException;
import dev.moorage.objectstore.ObjectStores;
import dev.moorage.repository.Hex128;
import dev.moorage.repository.Repository;
import dev.moorage.repository.RepositoryId;
import dev.moorage.repository.key.UnlockSecret;
import dev.moorage.telemetry.StoreMeter;
import dev.moorage.telemetry.Telemetry;
import dev.moorage.volume.RepositoryName;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeException.InvalidArgument;
import dev.moorage.volume.VolumeException.NotFound;
import dev.moorage.volume.VolumeException.Unavailable;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The repositories that are open: one instance of each, shared by all, opened when somebody first asks for it. Those who ask while it
 * is being opened wait for that and share its failure; whoever asks later tries anew. Safe for use by several threads.
 */
final class OpenRepositories {

  private static final System.Logger LOG = System.getLogger(OpenRepositories.class.getName());

  /** Instances that were given up but may still be in use; more are closed, the oldest first. */
  private static final int RETIRED_MAX = 8;

  private final ObjectStores stores;
  private final Telemetry telemetry;
  private final Clock clock;
  private final Map<RepositoryName, CompletableFuture<Instance>> open = new ConcurrentHashMap<>();
  private final Map<RepositoryName, StoreMeter> meters = new ConcurrentHashMap<>();
  private final Map<RepositoryName, String> problems = new ConcurrentHashMap<>();
  private final Deque<Repository> retired = new ArrayDeque<>();
  private volatile boolean closed;

  /** A repository and what it stands on. */
  private record Instance(Repository repository, StoreStack stack) {}

  /**
   * What a host knows of a repository before it opens it.
   *
   * @param id what it must be, when that is known
   * @param self what this host calls itself where only one may write
   */
  record Known(Optional<RepositoryId> id, Optional<Hex128> self) {}

  OpenRepositories(ObjectStores stores, Telemetry telemetry, Clock clock) {
    this.stores = stores;
    this.telemetry = telemetry;
    this.clock = clock;
  }

  StoreMeter meter(RepositoryName name) {
    return meters.computeIfAbsent(name, each -> telemetry.storeMeter(each.value()));
  }

  Optional<String> problem(RepositoryName name) {
    return Optional.ofNullable(problems.get(name));
  }

  Optional<Repository> current(RepositoryName name) {
    return instance(name).map(Instance::repository);
  }

  private Optional<Instance> instance(RepositoryName name) {
    CompletableFuture<Instance> future = open.get(name);
    return future != null && future.isDone() && !future.isCompletedExceptionally() ? Optional.of(future.join()) : Optional.empty();
  }

  /**
   * The shared instance, after its store has answered once, soon; one whose store does not is given up for a new one, which finds a
   * disk that was mounted anew. {@code known} is what is known of it.
   */
  Repository get(String action, RepositorySettings settings, Known known) throws VolumeException {
    Optional<Instance> instance = instance(settings.name());
    if (instance.isPresent()) {
      try {
        if (instance.get().stack().holdsRepository()) {
          return instance.get().repository();
        }
      } catch (ObjectStoreException e) {
        LOG.log(System.Logger.Level.DEBUG, "repository " + settings.name() + " is opened anew", e);
      }
      discard(settings.name(), instance.get().repository());
    }
    return open(action, settings, known);
  }

  private Repository open(String action, RepositorySettings settings, Known known) throws VolumeException {
    CompletableFuture<Instance> mine = new CompletableFuture<>();
    CompletableFuture<Instance> first = open.putIfAbsent(settings.name(), mine);
    if (first != null) {
      return await(first).repository();
    }
    try {
      Instance instance = connect(action, settings, known);
      problems.remove(settings.name());
      mine.complete(instance);
      if (closed) {
        discard(settings.name(), instance.repository());
      }
      return instance.repository();
    } catch (VolumeException e) {
      problems.put(settings.name(), String.valueOf(e.getMessage()));
      fail(settings.name(), mine, e);
      throw e;
    } catch (RuntimeException | Error e) {
      fail(settings.name(), mine, e);
      throw e;
    }
  }

  private void fail(RepositoryName name, CompletableFuture<Instance> mine, Throwable failure) {
    open.remove(name, mine);
    mine.completeExceptionally(failure);
  }

  private static Instance await(CompletableFuture<Instance> first) throws VolumeException {
    try {
      return first.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof VolumeException failure) {
        throw failure;
      }
      throw new IllegalStateException("a repository could not be opened", e);
    }
  }

  private Instance connect(String action, RepositorySettings settings, Known known) throws VolumeException {
    Optional<RepositoryId> id = known.id();
    if (closed) {
      throw new Unavailable(action, "the service is shutting down", "Try again when it is back");
    }
    UnlockSecret secret = settings.secret().read(action);
    StoreStack stack = stackOf(action, settings, id);
    boolean used = false;
    try {
      demandPresent(action, settings, id, stack);
      Repository repository = Repository.open(stack.store(), secret, known.self(), clock);
      demandSame(action, settings, id, repository);
      used = true;
      return new Instance(repository, stack);
    } catch (IOException e) {
      throw RepositoryTrouble.during(action, e);
    } finally {
      if (!used) {
        close(settings.name(), stack);
      }
    }
  }

  private StoreStack stackOf(String action, RepositorySettings settings, Optional<RepositoryId> id) throws VolumeException {
    try {
      return stack(settings);
    } catch (ObjectStoreException.Invalid e) {
      // What was there once can be there again, as a disk that is not mounted now.
      throw id.isPresent() ? new Unavailable(action, e.reason(), e.remedy(), e) : RepositoryTrouble.during(action, e);
    } catch (ObjectStoreException e) {
      throw RepositoryTrouble.during(action, e);
    }
  }

  private static void demandPresent(String action, RepositorySettings settings, Optional<RepositoryId> id, StoreStack stack)
      throws VolumeException, ObjectStoreException {
    try {
      stack.demandRepository(action, settings.location());
    } catch (NotFound e) {
      throw id.isEmpty() ? e : new Unavailable(action, "at " + settings.location() + " there is no repository any more, and there was "
          + id.get(), "Mount or bring back what belongs there", e);
    }
  }

  private static void demandSame(String action, RepositorySettings settings, Optional<RepositoryId> id, Repository repository)
      throws InvalidArgument {
    RepositoryId found = repository.header().id();
    if (id.isPresent() && !id.get().equals(found)) {
      throw new InvalidArgument(action, "at " + settings.location() + " there is another repository now (" + found + " in place of " + id.get()
          + ")", "If that is intended: 'moorage repository remove " + settings.name() + "', then add it again");
    }
  }

  StoreStack stack(RepositorySettings settings) throws ObjectStoreException {
    return StoreStack.open(stores, settings, meter(settings.name()));
  }

  /** Makes this the shared instance of a repository that was just made. */
  void put(RepositoryName name, Repository repository, StoreStack stack) {
    Optional<Repository> before = current(name);
    problems.remove(name);
    open.put(name, CompletableFuture.completedFuture(new Instance(repository, stack)));
    before.ifPresent(this::retire);
  }

  /** Gives this instance up, so that whoever asks next gets a new one; those who work with it go on. */
  void discard(RepositoryName name, Repository repository) {
    CompletableFuture<Instance> future = open.get(name);
    if (current(name).filter(each -> each == repository).isPresent() && future != null && open.remove(name, future)) {
      retire(repository);
    }
  }

  private void retire(Repository repository) {
    Optional<Repository> oldest = Optional.empty();
    synchronized (retired) {
      retired.add(repository);
      if (closed || retired.size() > RETIRED_MAX) {
        oldest = Optional.of(retired.remove());
      }
    }
    oldest.ifPresent(OpenRepositories::close);
  }

  /** Closes all; called when nobody works with them any more. */
  void close() {
    closed = true;
    for (RepositoryName name : open.keySet()) {
      current(name).ifPresent(repository -> discard(name, repository));
    }
    synchronized (retired) {
      retired.forEach(OpenRepositories::close);
      retired.clear();
    }
  }

  private static void close(Repository repository) {
    try {
      repository.close();
    } catch (ObjectStoreException e) {
      LOG.log(System.Logger.Level.WARNING, "repository " + repository.header().id() + " was not closed cleanly", e);
    }
  }

  /** A store that turned out not to hold what was expected. */
  static void close(RepositoryName name, StoreStack stack) {
    try {
      stack.store().close();
    } catch (ObjectStoreException e) {
      LOG.log(System.Logger.Level.WARNING, "the store of repository " + name + " was not closed cleanly", e);
    }
  }
}
