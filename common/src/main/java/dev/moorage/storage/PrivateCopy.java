package dev.moorage.storage;

import dev.moorage.backend.Home;
import dev.moorage.linux.Mounts;
import dev.moorage.volume.ContentSource;
import dev.moorage.volume.ContentSource.FromRepository;
import dev.moorage.volume.Owner;
import dev.moorage.volume.PoolName;
import dev.moorage.volume.SnapshotId;
import dev.moorage.volume.Volume;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeException.AlreadyExists;
import dev.moorage.volume.VolumeException.InvalidArgument;
import dev.moorage.volume.VolumeId;
import dev.moorage.volume.VolumeName;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A throw-away copy of a snapshot, fetched or cloned, into which somebody looks. It is a volume that users do not see, so it is charged,
 * restored in the background and recovered as any other, and what is left of it when a process died is found by its owner.
 */
record PrivateCopy(OpenPool pool, Volume volume) {

  private static final Owner OWNER = new Owner("moorage.private");

  /** What it is for; the beginning of its name. */
  enum Purpose {
    /** A remote snapshot that is mounted for somebody; the rest of the name is the snapshot's id. */
    MOUNT("mount-"),
    /** Files are copied out of it; the rest is the id of the job. */
    FILES("files-");

    private final String prefix;

    Purpose(String prefix) {
      this.prefix = prefix;
    }

    VolumeName name(String rest) {
      return new VolumeName(prefix + rest);
    }
  }

  static boolean isOne(Volume volume) {
    return volume.owner().equals(OWNER);
  }

  /** Refuses the name of an owner that is ours. */
  static void demandOther(String action, Owner owner) throws VolumeException {
    if (owner.equals(OWNER)) {
      throw new InvalidArgument(action, "owner " + OWNER + " is Moorage itself", "Choose another owner");
    }
  }

  /** Held for whatever is done with the copy of that name. */
  static LockKey key(VolumeName name) {
    return LockKey.of(OWNER, name);
  }

  /** All of a pool, whatever they are for. */
  static Stream<PrivateCopy> all(OpenPool pool) {
    return pool.catalog().volumes().stream().filter(PrivateCopy::isOne).map(each -> new PrivateCopy(pool, each));
  }

  static Stream<PrivateCopy> all(OpenPools pools, Purpose purpose) {
    return pools.all().stream().flatMap(PrivateCopy::all).filter(each -> each.purpose() == purpose);
  }

  static Optional<PrivateCopy> find(OpenPools pools, VolumeName name) {
    return pools.volume(OWNER, name).map(each -> new PrivateCopy(each.pool(), each.volume()));
  }

  /** The one that is this volume. */
  static Optional<PrivateCopy> ofVolume(OpenPools pools, VolumeId volume) {
    return pools.volume(volume).filter(each -> isOne(each.volume())).map(each -> new PrivateCopy(each.pool(), each.volume()));
  }

  /**
   * The one of that name, or a new one, which may still have to be fetched. Call with its key and that of the beginning.
   *
   * @param pool where what is fetched shall be; empty for the default pool
   */
  static PrivateCopy make(Core core, String action, VolumeName name, Beginning beginning, Optional<PoolName> pool,
      Map<String, String> parameters) throws VolumeException {
    Optional<PrivateCopy> present = find(core.pools(), name);
    if (present.isPresent()) {
      present.get().demandIn(action, pool);
      return present.get();
    }
    CreateVolume plain = CreateVolume.named(OWNER, name);
    CreateVolume request = new CreateVolume(OWNER, name, pool, plain.backend(), plain.size(), plain.access(), plain.filesystem(),
        false, plain.source(), plain.capabilities(), parameters);
    new Creation(core, request, action, beginning).run();
    return find(core.pools(), name).orElseThrow(() -> new IllegalStateException("BUG: " + name + " was made and is not there"));
  }

  /** Refuses another pool than that where it is, or is on its way to. */
  void demandIn(String action, Optional<PoolName> asked) throws VolumeException {
    if (asked.isPresent() && !asked.get().equals(pool.name())) {
      throw new AlreadyExists(action, "it is fetched into pool " + pool.name() + " already", "Leave pool out, or unmount it first");
    }
  }

  Purpose purpose() {
    return volume.name().value().startsWith(Purpose.MOUNT.prefix) ? Purpose.MOUNT : Purpose.FILES;
  }

  /** The id of the snapshot or of the job. */
  String rest() {
    return volume.name().value().substring(purpose().prefix.length());
  }

  /** Such as {@code snapshot db@before}. */
  static String subject(Volume volume) {
    return switch (volume.source()) {
      case FromRepository from -> "snapshot " + from.label();
      case ContentSource.FromSnapshot from -> "snapshot " + from.label();
      case ContentSource.Empty _, ContentSource.NeverSnapshotted _, ContentSource.FromVolume _ -> "volume " + volume.name();
    };
  }

  /** The words by which its user may mean it, beside the snapshot's id. */
  static Map<String, String> words(RemoteSnapshot found, SnapshotRef asked) {
    return Map.of("host", found.entry().origin().host(), "owner", found.entry().origin().owner().value(),
        "volumeId", found.entry().seat().volume().toString(), "label", found.entry().label(), "asked", asked.toString(),
        "repository", found.name());
  }

  /** Whether these words mean the snapshot that it is a copy of. */
  boolean isMeant(SnapshotRef ref) {
    String label = word("label");
    String tag = label.substring(label.lastIndexOf('@'));
    Set<String> names = Stream.of(label, word("owner") + "/" + label, word("host") + "/" + label,
        word("host") + "/" + word("owner") + "/" + label, word("volumeId") + tag, seat(), snapshot().map(SnapshotId::toString).orElse(""))
        .flatMap(each -> Stream.of(each, word("repository") + ":" + each)).collect(Collectors.toSet());
    return names.contains(ref.toString()) || ref.toString().equals(word("asked"));
  }

  private String seat() {
    return volume.source() instanceof FromRepository from ? from.place().volume() + "#" + from.place().seq() : "";
  }

  private String word(String key) {
    return volume.parameters().getOrDefault(key, "");
  }

  /** Such as {@code vault:alpha/docker/db@before}. */
  String text() {
    return word("repository") + ":" + word("host") + "/" + word("owner") + "/" + word("label");
  }

  /** Of a remote snapshot. */
  Optional<SnapshotId> snapshot() {
    return volume.source() instanceof FromRepository from ? Optional.of(from.snapshot()) : Optional.empty();
  }

  /** When all of it was here. */
  Instant since() {
    return volume.source() instanceof FromRepository from ? from.arrivedAt().orElse(volume.createdAt()) : volume.createdAt();
  }

  ReadOnlyMount mount() {
    return new ReadOnlyMount(pool.backend(volume), home(), volume.spec());
  }

  private Home home() {
    return pool.catalog().home(volume);
  }

  /** Where it is mounted, from the kernel. */
  Optional<Path> place() throws VolumeException, IOException {
    return mount().place(Mounts.table());
  }

  /**
   * Ends whatever fetches it and deletes it for good, without passing through the trash for anybody to see. Call with its key, when it is
   * not mounted any more.
   *
   * @throws VolumeException.InUse when somebody else uses its device; then it stays
   */
  void discard(Core core, String action) throws VolumeException {
    new Restores(core).cancel(action, volume);
    core.jobs().of(volume.id(), Restores.KIND).toList().forEach(core.jobs()::forget);
    pool.backend(volume).detach(home());
    pool.catalog().trash(volume.id());
    pool.catalog().purge(volume.id());
  }
}
