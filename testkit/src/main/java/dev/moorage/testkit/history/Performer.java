package dev.moorage.testkit.history;

import dev.moorage.linux.Mounts;
import dev.moorage.pool.PoolSettings;
import dev.moorage.storage.Caller;
import dev.moorage.storage.Consumer;
import dev.moorage.storage.CreateVolume;
import dev.moorage.storage.Job;
import dev.moorage.storage.Publication;
import dev.moorage.storage.SnapshotMounts;
import dev.moorage.storage.SnapshotRef;
import dev.moorage.storage.Storage;
import dev.moorage.storage.VolumeRef;
import dev.moorage.volume.Access;
import dev.moorage.volume.BackendKind;
import dev.moorage.volume.ByteSize;
import dev.moorage.volume.FilesystemType;
import dev.moorage.volume.Owner;
import dev.moorage.volume.PoolName;
import dev.moorage.volume.SizeRange;
import dev.moorage.volume.SnapshotName;
import dev.moorage.volume.Volume;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeName;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Performs operations on a real storage, as Docker's owner, one after the other. */
public final class Performer {

  static final Caller CALLER = new Caller("history", Owner.DOCKER, Duration.ofSeconds(30), Duration.ofSeconds(100));
  static final PoolName POOL = new PoolName("default");
  static final String MARKER = "marker";
  private static final Consumer KEEPER = new Consumer.DockerMount("keeper");
  private static final Consumer WRITER = new Consumer.DockerMount("writer");

  private final Storage storage;

  /** Performs on this storage, which the caller closes. */
  public Performer(Storage storage) {
    this.storage = storage;
  }

  /** Performs one operation; when it returns, the operation is acknowledged. */
  public void perform(Operation operation) throws VolumeException, IOException, InterruptedException {
    switch (operation.verb()) {
      case CREATE -> create(operation);
      case WRITE -> write(ref(operation), operation.argument());
      case MOUNT -> storage.publications().mount(CALLER, ref(operation), KEEPER);
      case UNMOUNT -> storage.publications().unmount(CALLER, ref(operation), KEEPER);
      case PUBLISH -> publish(operation);
      case SNAPSHOT -> storage.snapshots().create(CALLER, ref(operation), Optional.of(new SnapshotName(operation.snapshot())));
      case GROUP ->
          storage.snapshots().createGroup(CALLER, List.of(ref(operation), ref(operation.argument())), new SnapshotName(operation.snapshot()));
      case CLONE -> copy(operation.argument(), new CreateVolume.Source.OfVolume(ref(operation)));
      case FROM -> copy(operation.argument(), new CreateVolume.Source.OfSnapshot(snapshot(operation)));
      case ROLLBACK -> storage.volumes().rollback(CALLER, snapshot(operation));
      case GROW -> storage.volumes().grow(CALLER, ref(operation), ByteSize.parse(operation.argument()));
      case COMPACT -> compact(ref(operation));
      case REMOVE -> storage.volumes().remove(CALLER, ref(operation));
      case UNDO -> storage.volumes().undo(CALLER, ref(operation), Optional.empty());
      case REMOVE_SNAPSHOT -> storage.snapshots().remove(CALLER, snapshot(operation));
      case REMOVE_GROUP -> {
        for (Operation part : operation.parts()) {
          storage.snapshots().remove(CALLER, snapshot(part));
        }
      }
      case UNDO_SNAPSHOT -> storage.snapshots().undo(CALLER, snapshot(operation));
      case UPLOAD -> await(storage.uploads().begin(CALLER, snapshot(operation), Vault.NAME));
      case RESTORE -> restore(operation);
      case VIEW -> storage.snapshots().mount(CALLER, snapshot(operation), Optional.empty());
      case UNVIEW -> storage.snapshots().unmount(CALLER, snapshot(operation));
      case LOOK -> look(remote(operation));
      case TAKE -> take(remote(operation));
      case EMPTY_TRASH -> storage.pools().emptyTrash(CALLER, Optional.empty());
      case ADD_POOL -> addPool();
      case GROW_POOL -> storage.pools().grow(CALLER, POOL, ByteSize.parse(operation.argument()));
    }
  }

  private void publish(Operation operation) throws VolumeException, IOException {
    Path target = podPath(operation.volume());
    Files.createDirectories(target.getParent());
    storage.publications().publish(CALLER, ref(operation), new Publication(target, Set.of(), Optional.empty()));
    if (Mounts.at(target).isEmpty()) {
      throw new AssertionError("nothing is mounted at " + target);
    }
    storage.publications().unpublish(CALLER, ref(operation), target, false);
  }

  private Path podPath(String volume) throws VolumeException {
    return storage.pools().status(Optional.empty()).settings().root().resolveSibling("pods").resolve(volume);
  }

  /** As the kubelet after a start: what is published and in no pod's use is taken away. */
  void endPods() throws VolumeException, IOException {
    for (Volume volume : storage.volumes().list(Optional.of(Owner.DOCKER))) {
      storage.publications().unpublish(CALLER, new VolumeRef.ById(volume.id()), podPath(volume.name().value()), false);
      if (Files.exists(podPath(volume.name().value()), LinkOption.NOFOLLOW_LINKS)) {
        throw new AssertionError(podPath(volume.name().value()) + " is left over");
      }
    }
  }

  private static VolumeRef ref(Operation operation) {
    return ref(operation.volume());
  }

  static VolumeRef ref(String name) {
    return new VolumeRef.Named(Owner.DOCKER, new VolumeName(name));
  }

  private static SnapshotRef snapshot(Operation operation) {
    return new SnapshotRef.Of(ref(operation.volume()), new SnapshotName(operation.snapshot()));
  }

  private void create(Operation operation) throws VolumeException {
    List<String> words = List.of(operation.argument().split(":", -1));
    CreateVolume plain = CreateVolume.named(Owner.DOCKER, new VolumeName(operation.volume()));
    Optional<BackendKind> backend = words.get(0).equals("tree") ? Optional.of(BackendKind.DIRECTORY) : Optional.empty();
    Optional<Access> access = words.get(0).equals("block") ? Optional.of(Access.BLOCK) : Optional.empty();
    boolean formatted = backend.isEmpty() && access.isEmpty();
    storage.volumes().create(CALLER, new CreateVolume(plain.owner(), plain.name(), plain.pool(), backend,
        Optional.of(SizeRange.exactly(ByteSize.parse(words.get(1)))), access,
        formatted ? Optional.of(FilesystemType.parse(words.get(0))) : Optional.empty(), false, plain.source(), List.of(),
        plain.parameters()));
  }

  private void addPool() throws VolumeException {
    PoolSettings first = storage.pools().status(Optional.empty()).settings();
    storage.pools().create(CALLER, new PoolSettings(new PoolName("second"), first.root().resolveSibling("second"), first.backends(),
        first.overcommit(), first.defaultSize(), first.trashRetention(), first.file()));
  }

  private void copy(String name, CreateVolume.Source source) throws VolumeException {
    CreateVolume plain = CreateVolume.named(Owner.DOCKER, new VolumeName(name));
    storage.volumes().create(CALLER, new CreateVolume(plain.owner(), plain.name(), plain.pool(), plain.backend(), plain.size(),
        plain.access(), plain.filesystem(), false, source, List.of(), plain.parameters()));
  }

  private void restore(Operation operation) throws VolumeException, InterruptedException {
    copy(operation.argument(), new CreateVolume.Source.OfSnapshot(remote(operation)));
    await(storage.restores().begin(CALLER, ref(operation.argument())));
  }

  private static SnapshotRef remote(Operation operation) {
    return SnapshotRef.parse(Vault.NAME + ":host/docker/" + operation.volume() + "@" + operation.snapshot());
  }

  private void look(SnapshotRef remote) throws VolumeException, IOException, InterruptedException {
    SnapshotMounts.Answer answer = storage.mounts().mount(CALLER, remote, Optional.empty());
    while (answer instanceof SnapshotMounts.Answer.Fetching(var _, var job)) {
      await(job);
      answer = storage.mounts().mount(CALLER, remote, Optional.empty());
    }
    Path marker = ((SnapshotMounts.Answer.Mounted) answer).path().resolve(MARKER);
    if (!Files.isRegularFile(marker)) {
      throw new AssertionError(remote + " has no " + marker);
    }
    storage.mounts().unmount(CALLER, remote);
  }

  private void take(SnapshotRef remote) throws VolumeException, IOException, InterruptedException {
    Path target = storage.pools().status(Optional.empty()).settings().root().resolveSibling("taken");
    Files.deleteIfExists(target);
    await(storage.files().begin(CALLER, remote, "/" + MARKER, target));
    if (Files.readString(target).isEmpty()) {
      throw new AssertionError(target + " is empty");
    }
  }

  private void compact(VolumeRef volume) throws VolumeException, InterruptedException {
    await(storage.volumes().compact(CALLER, volume));
  }

  private void await(Job job) throws InterruptedException {
    Job ended = storage.jobs().await(job.id(), Duration.ofSeconds(60)).orElse(job);
    if (ended.state() != Job.State.DONE) {
      throw new AssertionError(job.kind() + " ended as " + ended);
    }
  }

  private void write(VolumeRef volume, String text) throws VolumeException, IOException {
    writeDurably(storage.publications().mount(CALLER, volume, WRITER), text);
    storage.publications().unmount(CALLER, volume, WRITER);
  }

  /** As a careful application does: the text is what is found in the volume, whole and durable, when this returns. */
  public static void writeDurably(Path root, String text) throws IOException {
    Path fresh = root.resolve(MARKER + ".new");
    try (FileChannel file = FileChannel.open(fresh, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING,
        StandardOpenOption.WRITE)) {
      file.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
      file.force(true);
    }
    Files.move(fresh, root.resolve(MARKER), StandardCopyOption.ATOMIC_MOVE);
    try (FileChannel directory = FileChannel.open(root, StandardOpenOption.READ)) {
      directory.force(true);
    }
  }

  /** Takes away whatever references and views there are, so that nothing is in use any more. */
  public void letGo(Model model) throws VolumeException {
    for (String name : model.volumes.keySet()) {
      for (Consumer consumer : List.of(KEEPER, WRITER)) {
        storage.publications().unmount(CALLER, ref(name), consumer);
        storage.publications().unmount(CALLER, ref(name), consumer);
      }
    }
    for (String label : model.snapshots.keySet()) {
      storage.snapshots().unmount(CALLER, SnapshotRef.parse("docker/" + label));
    }
    for (SnapshotMounts.Remote remote : storage.mounts().remote()) {
      storage.mounts().unmount(CALLER, new SnapshotRef.ById(remote.snapshot()));
    }
  }
}
