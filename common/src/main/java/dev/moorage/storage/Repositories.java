package dev.moorage.storage;

import dev.moorage.repository.Inventory;
import dev.moorage.repository.Repository;
import dev.moorage.repository.RepositoryId;
import dev.moorage.repository.SoleWriter;
import dev.moorage.repository.UnreadableException;
import dev.moorage.repository.history.SnapshotEntry;
import dev.moorage.repository.key.UnlockSecret;
import dev.moorage.storage.RepositoryStatus.RecoveryKeyState;
import dev.moorage.volume.DedupScope;
import dev.moorage.volume.RepositoryName;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeException.AlreadyExists;
import dev.moorage.volume.VolumeException.InvalidArgument;
import dev.moorage.volume.VolumeException.NotFound;
import dev.moorage.volume.VolumeException.Unavailable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The repositories that this host knows by name: those of the configuration, and those that were made or added at run time, which are
 * remembered. Opening the storage touches none of their stores; each is opened when it is first used. Secrets stand in files and are
 * read when a repository is opened; none is ever kept, logged or told. Safe for use by several threads.
 */
public final class Repositories implements RepositorySource {

  private static final String LIST = "'moorage repository ls' lists them";

  private final Map<RepositoryName, RepositorySettings> configured = new TreeMap<>((a, b) -> a.value().compareTo(b.value()));
  private final Map<RepositoryName, RepositoryId> seen = new ConcurrentHashMap<>();
  private final RepositoryRegistry registry;
  private final OpenRepositories open;
  private final Work work;
  private final Clock clock;
  private final GarbageCollections collections;
  private final RepositoryKeys keys;

  Repositories(List<RepositorySettings> configured, RepositoryRegistry registry, OpenRepositories open, Work work, Clock clock) {
    configured.forEach(each -> this.configured.put(each.name(), each));
    this.registry = registry;
    this.open = open;
    this.work = work;
    this.clock = clock;
    this.collections = new GarbageCollections(this, work.journal(), clock);
    this.keys = new RepositoryKeys(this, registry, work);
  }

  /** Work with a repository, whose failures are translated by {@link #use}. */
  @FunctionalInterface
  public interface Use<T> {
    T with(Repository repository) throws IOException, VolumeException;
  }

  /** A new repository, and the words of its recovery key, which nobody can show again. */
  public record Created(RepositoryStatus status, String recoveryKey) {}

  /** All of them, by name, from memory and the registry. */
  public List<RepositoryStatus> list() throws VolumeException {
    RepositoryRegistry.Content content = registry.read();
    Map<String, RepositoryStatus> all = new TreeMap<>();
    for (RepositorySettings each : configured.values()) {
      all.put(each.name().value(), status(each, content));
    }
    for (RepositoryRecord each : content.records()) {
      all.putIfAbsent(each.settings().name().value(), status(each.settings(), content));
    }
    return new ArrayList<>(all.values());
  }

  /** One of them. */
  public RepositoryStatus status(RepositoryName name) throws VolumeException {
    RepositoryRegistry.Content content = registry.read();
    return status(settings("inspect repository " + name, name, content), content);
  }

  private RepositoryStatus status(RepositorySettings settings, RepositoryRegistry.Content content) {
    RepositoryName name = settings.name();
    Optional<RepositoryId> id = id(name, content);
    boolean shown = content.of(name).filter(RepositoryRecord::shown).isPresent();
    boolean confirmed = id.filter(content.confirmed()::contains).isPresent();
    RecoveryKeyState state = confirmed ? RecoveryKeyState.CONFIRMED : shown ? RecoveryKeyState.UNCONFIRMED : RecoveryKeyState.UNKNOWN;
    boolean isOpen = open.current(name).isPresent();
    return new RepositoryStatus(settings, id, configured.containsKey(name), isOpen, state, open.problem(name), open.meter(name).counts());
  }

  private Optional<RepositoryId> id(RepositoryName name, RepositoryRegistry.Content content) {
    return content.of(name).flatMap(RepositoryRecord::id).or(() -> Optional.ofNullable(seen.get(name)));
  }

  private RepositorySettings settings(String action, RepositoryName name, RepositoryRegistry.Content content) throws NotFound {
    return Optional.ofNullable(configured.get(name)).or(() -> content.of(name).map(RepositoryRecord::settings))
        .orElseThrow(() -> new NotFound(action, "there is no repository " + name, LIST));
  }

  /**
   * The shared instance of a repository, opened when nobody did yet, after its store has answered once; a store that does not answer
   * is an error within half a minute. Asks the store, so whoever works long asks once. It is not to be closed by its users. Who gets a
   * failure from it hands that to {@link #failed}, so that the next one gets a new instance where that may help; {@link #use} does both.
   */
  public Repository open(RepositoryName name) throws VolumeException {
    return open("open repository " + name, name);
  }

  @Override
  public Repository open(String name) throws VolumeException {
    return open("open repository " + name, named(name));
  }

  /** How far this host looks for content in it before it stores a volume's first snapshot. */
  @Override
  public DedupScope dedup(String name) throws VolumeException {
    return settings("upload to repository " + name, named(name), registry.read()).dedup();
  }

  private static RepositoryName named(String name) throws InvalidArgument {
    try {
      return new RepositoryName(name);
    } catch (IllegalArgumentException e) {
      throw new InvalidArgument("open repository " + name, String.valueOf(e.getMessage()), LIST, e);
    }
  }

  @Override
  public VolumeException failed(String action, String name, Repository repository, IOException failure) {
    return failed(action, new RepositoryName(name), repository, failure);
  }

  /** The configured ones, and those that were made or added; without the latter when their registry cannot be read. */
  @Override
  public List<String> names() {
    try {
      return list().stream().map(status -> status.settings().name().value()).toList();
    } catch (VolumeException e) {
      System.getLogger(Repositories.class.getName()).log(System.Logger.Level.WARNING, "the registry of repositories cannot be read", e);
      return configured.keySet().stream().map(RepositoryName::value).toList();
    }
  }

  private Repository open(String action, RepositoryName name) throws VolumeException {
    RepositoryRegistry.Content content = registry.read();
    Repository repository = open.get(action, settings(action, name, content),
        new OpenRepositories.Known(id(name, content), content.self()));
    seen.put(name, repository.header().id());
    return repository;
  }

  /** What a failure of a repository means to the caller of {@code action}. */
  public VolumeException failed(String action, RepositoryName name, Repository repository, IOException failure) {
    VolumeException translated = failure instanceof UnreadableException.Rotated && isOutdated(repository)
        ? new Unavailable(action, "the keys of repository " + name + " were rotated meanwhile", "Try again: they are read anew", failure)
        : RepositoryTrouble.during(action, failure);
    // A store that was mounted anew, or keys that another host has rotated: a new instance finds them.
    if (translated instanceof Unavailable || failure instanceof UnreadableException.WrongKey) {
      open.discard(name, repository);
    }
    return translated;
  }

  /** Gives up the shared instance, when this is it: the next one to ask opens it anew. */
  void discard(RepositoryName name, Repository repository) {
    open.discard(name, repository);
  }

  private static boolean isOutdated(Repository repository) {
    try {
      return repository.isOutdated();
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Works with a repository. {@code action} is what messages say. When its keys turn out to have been rotated, the work is begun anew
   * with the new ones.
   */
  public <T> T use(String action, RepositoryName name, Use<T> use) throws VolumeException {
    Repository repository = open(action, name);
    try {
      return use.with(repository);
    } catch (UnreadableException.Rotated e) {
      VolumeException failure = failed(action, name, repository, e);
      Repository anew = open(action, name);
      if (anew == repository) {
        throw failure;
      }
      return once(action, name, anew, use);
    } catch (IOException e) {
      throw failed(action, name, repository, e);
    }
  }

  private <T> T once(String action, RepositoryName name, Repository repository, Use<T> use) throws VolumeException {
    try {
      return use.with(repository);
    } catch (IOException e) {
      throw failed(action, name, repository, e);
    }
  }

  /** Works with a repository under its lock, with an audit line. */
  <T> T change(Caller caller, Operation operation, RepositoryName name, Use<T> use) throws VolumeException {
    return work.run(caller, operation, List.of(LockKey.of(name)), () -> use(operation.action(), name, use));
  }

  /** Where the key file of a repository is made when nobody names a place. */
  public Path keyFile(RepositoryName name) {
    return registry.file().resolveSibling("keys").resolve(name + ".key");
  }

  /**
   * Makes a repository and remembers it.
   *
   * @throws AlreadyExists when this host knows the name, or when there is a repository at that place
   * @throws VolumeException.Unsupported when the store does not keep what a repository needs
   */
  public Created create(Caller caller, CreateRepository request) throws VolumeException {
    RepositoryName name = request.settings().name();
    Operation operation = Operation.of("create", "repository " + name);
    return work.run(caller, operation, List.of(LockKey.repositories()), () -> create(operation.action(), request));
  }

  private Created create(String action, CreateRepository request) throws VolumeException {
    RepositorySettings settings = request.settings();
    Optional<RepositoryRecord> before = registry.read().of(settings.name());
    // A record without an id is what a crash in the middle of this left.
    if (before.isEmpty() || before.get().id().isPresent() || !before.get().settings().equals(settings)) {
      demandFree(action, settings.name());
    }
    try {
      StoreStack stack = open.stack(settings);
      boolean made = false;
      try {
        if (stack.holdsRepository()) {
          throw new AlreadyExists(action, "there is a repository at " + settings.location() + " already",
              "Use it: moorage repository add " + settings.name() + " " + settings.location());
        }
        UnlockSecret secret = secret(action, request);
        // Announced before it is made, so that it is not forgotten after a crash between the two.
        registry.put(action, new RepositoryRecord(Optional.empty(), settings, true));
        Repository.Created created = Repository.create(stack.store(),
            new Repository.Creation(request.blockBytes(), secret, request.label(), writer(action, request.singleWriter())), clock);
        made = true;
        registry.put(action, new RepositoryRecord(Optional.of(created.repository().header().id()), settings, true));
        open.put(settings.name(), created.repository(), stack);
        return new Created(status(settings.name()), created.recoveryKey());
      } finally {
        if (!made) {
          registry.remove(action, settings.name());
          OpenRepositories.close(settings.name(), stack);
        }
      }
    } catch (IOException e) {
      throw RepositoryTrouble.during(action, e);
    }
  }

  private Optional<SoleWriter> writer(String action, boolean declared) throws VolumeException {
    return declared ? Optional.of(new SoleWriter(registry.self(action), HostName.ofMachine(), clock.instant())) : Optional.empty();
  }

  private UnlockSecret secret(String action, CreateRepository request) throws VolumeException {
    Path path = request.settings().secret().path();
    // In our own place it is what a failed attempt left: no repository of this name has it.
    boolean there = path.equals(keyFile(request.settings().name())) && Files.exists(path);
    return (request.generatesKey() && !there ? SecretFile.generate(action, path) : request.settings().secret()).read(action);
  }

  private void demandFree(String action, RepositoryName name) throws VolumeException {
    if (configured.containsKey(name) || registry.read().of(name).isPresent()) {
      throw new AlreadyExists(action, "there is a repository " + name + " already", "Choose another name; " + LIST);
    }
  }

  /** Opens a repository that exists, and remembers it. The same request again is success. */
  public RepositoryStatus add(Caller caller, RepositorySettings settings) throws VolumeException {
    return add(caller, settings, false);
  }

  /**
   * Opens a repository that exists, and remembers it. The same request again is success. {@code singleWriter}: makes this host the one
   * that alone may write to it, in place of the host before.
   *
   * @throws InvalidArgument when there is nothing to declare, because the repository may be written by many
   */
  public RepositoryStatus add(Caller caller, RepositorySettings settings, boolean singleWriter) throws VolumeException {
    Operation operation = Operation.of("add", "repository " + settings.name());
    String action = operation.action();
    return work.run(caller, operation, List.of(LockKey.repositories()), () -> {
      Optional<RepositoryRecord> same = registry.read().of(settings.name());
      boolean known = same.isPresent() && same.get().settings().equals(settings);
      if (!known) {
        demandFree(action, settings.name());
      }
      Optional<SoleWriter> writer = writer(action, singleWriter);
      Repository repository = open.get(action, settings,
          new OpenRepositories.Known(same.flatMap(RepositoryRecord::id), registry.read().self()));
      if (writer.isPresent()) {
        declare(action, settings.name(), repository, writer.get());
      }
      if (!known) {
        registry.put(action, new RepositoryRecord(Optional.of(repository.header().id()), settings, false));
      }
      return status(settings.name());
    });
  }

  private void declare(String action, RepositoryName name, Repository repository, SoleWriter writer) throws VolumeException {
    if (!repository.header().singleWriter()) {
      throw new InvalidArgument(action, "it was made for any number of writers", "Leave --single-writer out");
    }
    try {
      repository.declareWriter(writer);
      // It was opened before this host had a name for itself.
      open.discard(name, repository);
    } catch (IOException e) {
      throw failed(action, name, repository, e);
    }
  }

  /** Forgets the name and where it is. What the repository holds stays as it is. */
  public void remove(Caller caller, RepositoryName name) throws VolumeException {
    Operation operation = Operation.of("remove", "repository " + name);
    work.run(caller, operation, List.of(LockKey.repositories()), () -> {
      if (configured.containsKey(name)) {
        throw new InvalidArgument(operation.action(), "it stands in the configuration file", "Take it out there and restart the service");
      }
      if (registry.read().of(name).isEmpty()) {
        throw new NotFound(operation.action(), "there is no repository " + name, LIST);
      }
      registry.remove(operation.action(), name);
      seen.remove(name);
      open.current(name).ifPresent(repository -> open.discard(name, repository));
      return name;
    });
  }

  /** Its snapshots, those of a volume or all; Corrupt when one of them cannot be read. */
  public List<SnapshotEntry> snapshots(RepositoryName name, Optional<String> volume) throws VolumeException {
    String action = "list the snapshots of repository " + name;
    return use(action, name, repository -> RemoteSnapshots.ofVolume(action, repository.snapshots(), volume));
  }

  /** Its snapshots, those of a volume or all, and what cannot be read of them. */
  public Inventory inventory(RepositoryName name, Optional<String> volume) throws VolumeException {
    String action = "list the snapshots of repository " + name;
    return use(action, name, repository -> RemoteSnapshots.inventory(action, repository, volume));
  }

  /** Gives up an entry that cannot be read, see {@link RemoteSnapshots#giveUp}. */
  public void giveUp(Caller caller, RepositoryName name, String exact) throws VolumeException {
    Operation operation = Operation.of("give up", "damaged snapshot " + name + ":" + exact);
    change(caller, operation, name, repository -> {
      RemoteSnapshots.giveUp(operation.action(), repository, exact, caller.door() + " on " + HostName.ofMachine());
      return exact;
    });
  }

  /** All that it holds. */
  public RepositoryContents contents(RepositoryName name) throws VolumeException {
    return use("inspect repository " + name, name, RepositoryContents::of);
  }

  /** What unlocks them. */
  public RepositoryKeys keys() {
    return keys;
  }

  /** Begins a collection, or joins the one that runs. */
  public RepositoryRun collect(Caller caller, RepositoryName name) throws VolumeException {
    return collections.begin(caller, name);
  }

  /** The collection under way or the last one since start, as it is after waiting for its end at most so long. */
  public Optional<RepositoryRun> collection(RepositoryName name, Duration atMost) throws InterruptedException {
    return collections.await(name, atMost);
  }

  /** Twice is harmless. */
  @Override
  public void close() {
    collections.close();
    open.close();
  }
}
